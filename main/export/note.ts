import { MANIFEST_FILE } from './manifest.ts';
import type { Language } from './words.ts';

export const NOTE_FILE = 'README.txt';

const TEXT: Record<Language, (id: string, fingerprint: string) => string> = {
  ru: (id, fingerprint) => `Выгрузка видео ${id} из системы «Каланча»

Рядом лежат файлы видео и протокол ${MANIFEST_FILE}: какие камеры, какой отрезок, чего в нём не хватает и почему,
контрольные суммы SHA-256 каждого файла и каждого исходного фрагмента записи, кто, когда и на каком основании
выгрузил. Протокол подписан ключом сервера (Ed25519).

Как проверить, что файлы не изменены:
  npx kalancha verify-export ФАЙЛ --fingerprint ОТПЕЧАТОК
ФАЙЛ — архив целиком, протокол или один из файлов рядом с протоколом.
ОТПЕЧАТОК ключа узнайте у того, кто ведёт эту систему (в «Каланче»: Настройки, «Подпись выгрузок»). Отпечатку,
который пришёл вместе с файлами, верить нельзя: подделавший файлы подписал бы их своим ключом.
В протоколе назван ключ ${fingerprint}
`,
  en: (id, fingerprint) => `Export of footage ${id} from Kalancha

Beside this note are video files and the manifest ${MANIFEST_FILE}: which cameras, which range, what of it is
missing and why, the SHA-256 of every file and of every recorded segment that it was made of, who took it, when and
on which basis. The manifest is signed with the hub's key (Ed25519).

How to verify that nothing was changed:
  npx kalancha verify-export FILE --fingerprint FINGERPRINT
FILE is the whole archive, the manifest, or one of the files beside the manifest.
Ask whoever runs the system for the key's FINGERPRINT (in Kalancha: Settings, "Signature of exports"). Do not
believe one that came together with the files: a forger would have signed them with a key of his own.
The manifest names the key ${fingerprint}
`,
};

/** What whoever receives the files must know to verify them. */
export const noteText = (language: Language, id: string, fingerprint: string): string =>
  TEXT[language](id, fingerprint);
