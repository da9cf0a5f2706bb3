export type Language = 'ru' | 'en';

const en = {
  starting: 'Starting the hub …',
  startingAgain: 'The hub stopped unexpectedly. Starting it again …',
  startingFirst: 'The first start takes a little longer: the city is being made.',
  failed: 'The hub could not be started',
  recordingStands: 'While the hub stands still, nothing is recorded and no alarm comes in.',
  details: 'What the hub said',
  log: 'Log',
  retry: 'Try again',
  quit: 'Quit',
  firstStartTitle: 'First start',
  firstStart:
    'Sign in as {login}. The password is in this file, which only you can read; delete it after you have changed the password:',
  menu: {
    file: 'File',
    edit: 'Edit',
    view: 'View',
    window: 'Window',
    quit: 'Quit',
    undo: 'Undo',
    redo: 'Redo',
    cut: 'Cut',
    copy: 'Copy',
    paste: 'Paste',
    selectAll: 'Select all',
    reload: 'Reload',
    zoomIn: 'Zoom in',
    zoomOut: 'Zoom out',
    resetZoom: 'Actual size',
    fullscreen: 'Full screen',
    devTools: 'Developer tools',
    minimize: 'Minimise',
    close: 'Close',
  },
  /** What to do, by the code of the failure. */
  advice: {
    'data-in-use': 'Another Kalancha already uses this data folder. Close it, then try again.',
    'data-not-writable':
      'The data folder cannot be written. Mend its owner and rights, or free space on the disk.',
    'port-taken':
      'A port that the hub needs is taken by another program. Close that program or set another port.',
    'database-broken': 'The database cannot be opened. Restore it from a backup.',
    'database-newer': 'The data was written by a newer Kalancha. Install that version.',
    'config-invalid': 'The settings are not valid. Correct them, then try again.',
    'config-unreadable': 'The settings file cannot be read. Correct it, then try again.',
    'ffmpeg-missing': 'ffmpeg is missing. Install it, then try again.',
    'disk-full': 'The disk is full. Free some space, then try again.',
    'hub-slow': 'The hub takes too long to start. The log tells where it hangs.',
    'hub-crashed': 'The hub stopped several times in a row. The log tells why.',
    'page-failed': 'The console could not be loaded from the hub.',
  } as Readonly<Record<string, string>>,
  adviceOther: 'The details below and the log tell why.',
};

export type Strings = typeof en;

const ru: Strings = {
  starting: 'Запускается сервер …',
  startingAgain: 'Сервер неожиданно остановился. Он запускается снова …',
  startingFirst: 'Первый запуск идёт немного дольше: создаётся город.',
  failed: 'Не удалось запустить сервер',
  recordingStands: 'Пока сервер стоит, ничего не записывается и тревоги не приходят.',
  details: 'Что сообщил сервер',
  log: 'Журнал',
  retry: 'Повторить',
  quit: 'Выйти',
  firstStartTitle: 'Первый запуск',
  firstStart:
    'Войдите под именем {login}. Пароль — в этом файле, прочесть его можете только вы; сменив пароль, удалите файл:',
  menu: {
    file: 'Файл',
    edit: 'Правка',
    view: 'Вид',
    window: 'Окно',
    quit: 'Выйти',
    undo: 'Отменить',
    redo: 'Повторить',
    cut: 'Вырезать',
    copy: 'Копировать',
    paste: 'Вставить',
    selectAll: 'Выделить всё',
    reload: 'Обновить',
    zoomIn: 'Увеличить',
    zoomOut: 'Уменьшить',
    resetZoom: 'Обычный размер',
    fullscreen: 'Во весь экран',
    devTools: 'Инструменты разработчика',
    minimize: 'Свернуть',
    close: 'Закрыть',
  },
  advice: {
    'data-in-use': 'Эту папку данных уже использует другая «Каланча». Закройте её и повторите.',
    'data-not-writable':
      'В папку данных нельзя писать. Исправьте владельца и права или освободите место на диске.',
    'port-taken': 'Порт, нужный серверу, занят другой программой. Закройте её или задайте другой порт.',
    'database-broken': 'База данных не открывается. Восстановите её из резервной копии.',
    'database-newer': 'Данные записаны более новой «Каланчой». Установите ту версию.',
    'config-invalid': 'Настройки заданы неверно. Исправьте их и повторите.',
    'config-unreadable': 'Файл настроек не читается. Исправьте его и повторите.',
    'ffmpeg-missing': 'Не найден ffmpeg. Установите его и повторите.',
    'disk-full': 'Диск полон. Освободите место и повторите.',
    'hub-slow': 'Сервер запускается слишком долго. Журнал покажет, на чём он остановился.',
    'hub-crashed': 'Сервер остановился несколько раз подряд. Причина — в журнале.',
    'page-failed': 'Не удалось загрузить консоль с сервера.',
  },
  adviceOther: 'Причина — в подробностях ниже и в журнале.',
};

/** Russian where the system speaks it, else English; the console itself has its own switch. */
export const languageOf = (locale: string): Language => (/^ru\b/i.test(locale) ? 'ru' : 'en');

export const stringsOf = (language: Language): Strings => (language === 'ru' ? ru : en);
