import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { findProgram, quietly, Sentence } from './run.mjs';

/**
 * What the project needs from the operating system. `present` looks for the thing itself, not for the
 * package, so that another build of ffmpeg, say, is as good as Debian's.
 */
const hasProgram = (name) => () => findProgram(name) !== undefined;
const hasFile = (path) => () => existsSync(path);
const hasLibrary = (name) => () =>
  spawnSync('ldconfig', ['-p'], {
    encoding: 'utf8',
    env: { ...process.env, PATH: `${process.env.PATH}:/sbin:/usr/sbin` },
  }).stdout?.includes(name) ?? false;

const ffmpeg = { what: 'ffmpeg', packages: ['ffmpeg'], present: hasProgram('ffmpeg') };
const ELECTRON_LIBRARIES = {
  'libgtk-3.so.0': 'libgtk-3-0',
  'libnss3.so': 'libnss3',
  'libasound.so.2': 'libasound2',
  'libgbm.so.1': 'libgbm1',
  'libatk-bridge-2.0.so.0': 'libatk-bridge2.0-0',
  'libXss.so.1': 'libxss1',
  'libXtst.so.6': 'libxtst6',
  'libnotify.so.4': 'libnotify4',
};
const electron = Object.entries(ELECTRON_LIBRARIES).map(([file, name]) => ({
  what: file,
  packages: [name],
  present: hasLibrary(file),
}));

const typelib = 'girepository-1.0/GstRtspServer-1.0.typelib';
const debianLib = `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`;
const plugin = (name) => hasFile(`${debianLib}/gstreamer-1.0/${name}`);

/** By purpose: `run` for the hub, `desktop` for the window, `test` for everything that the tests prove it with. */
export const needs = {
  run: [ffmpeg],
  desktop: electron,
  test: [
    ffmpeg,
    ...electron,
    { what: 'ffprobe', packages: ['ffmpeg'], present: hasProgram('ffprobe') },
    { what: 'Chromium', packages: ['chromium'], present: hasFile('/usr/bin/chromium') },
    {
      what: 'fonts',
      packages: ['fonts-dejavu-core'],
      present: hasFile('/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf'),
    },
    {
      what: 'Xvfb',
      packages: ['xvfb', 'xauth'],
      present: () => hasProgram('Xvfb')() && hasProgram('xauth')(),
    },
    {
      what: 'libfaketime',
      packages: ['libfaketime'],
      present: hasFile(`${debianLib}/faketime/libfaketimeMT.so.1`),
    },
    {
      what: 'mosquitto',
      packages: ['mosquitto'],
      present: () => hasProgram('mosquitto')() || existsSync('/usr/sbin/mosquitto'),
    },
    { what: 'mosquitto_pub', packages: ['mosquitto-clients'], present: hasProgram('mosquitto_pub') },
    {
      what: "GStreamer's RTSP server",
      packages: ['gir1.2-gst-rtsp-server-1.0'],
      present: hasFile(`${debianLib}/${typelib}`),
    },
    {
      what: 'python3-gi',
      packages: ['python3-gi'],
      present: hasFile('/usr/lib/python3/dist-packages/gi/__init__.py'),
    },
    {
      what: 'GStreamer plugins (base)',
      packages: ['gstreamer1.0-plugins-base'],
      present: plugin('libgstvideorate.so'),
    },
    {
      what: 'GStreamer plugins (good)',
      packages: ['gstreamer1.0-plugins-good'],
      present: plugin('libgstrtp.so'),
    },
    {
      what: 'GStreamer plugins (bad)',
      packages: ['gstreamer1.0-plugins-bad'],
      present: plugin('libgstvideoparsersbad.so'),
    },
    {
      what: 'GStreamer plugins (ugly)',
      packages: ['gstreamer1.0-plugins-ugly'],
      present: plugin('libgstx264.so'),
    },
    { what: 'VLC', packages: ['vlc-bin', 'vlc-plugin-base'], present: hasProgram('cvlc') },
    {
      what: 'surveillance footage (vtest.avi)',
      packages: ['opencv-doc'],
      present: () => existsSync('/usr/share/doc/opencv-doc'),
    },
    { what: 'unzip', packages: ['unzip'], present: hasProgram('unzip') },
  ],
};

const isRoot = () => typeof process.getuid === 'function' && process.getuid() === 0;

/** How to get `packages` on this system, in one sentence. */
function howToInstall(missing) {
  const names = [...new Set(missing.flatMap((need) => need.packages))];
  const list = missing.map((need) => need.what).join(', ');
  if (process.platform === 'win32')
    return `Missing: ${list}. On Windows install ffmpeg with "winget install Gyan.FFmpeg", open a new terminal and start again.`;
  if (process.platform === 'darwin')
    return `Missing: ${list}. On macOS install ffmpeg with "brew install ffmpeg" and start again.`;
  return `Missing: ${list}. Install with "sudo apt-get install ${names.join(' ')}" (Debian, Ubuntu; elsewhere the packages of the same programs) and start again.`;
}

/** How this user may install Debian packages without being asked anything; undefined when he may not. */
function aptGet() {
  if (process.platform !== 'linux' || !findProgram('apt-get')) return undefined;
  if (isRoot()) return { program: 'apt-get', prefix: [] };
  if (findProgram('sudo') && spawnSync('sudo', ['-n', 'true']).status === 0)
    return { program: 'sudo', prefix: ['-n', 'apt-get'] };
  return undefined;
}

/** Sees to it that everything for `purpose` is there. @throws Sentence that says what to install and how */
export function ensureSystemPackages(purpose) {
  let missing = needs[purpose].filter((need) => !need.present());
  if (missing.length === 0) return;
  const apt = aptGet();
  if (!apt) throw new Sentence(howToInstall(missing));
  const packages = [...new Set(missing.flatMap((need) => need.packages))];
  console.log(`installing from Debian: ${packages.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = [...apt.prefix, 'install', '-y', '--no-install-recommends', ...packages];
  try {
    quietly(apt.program, [...apt.prefix, 'update'], 'The list of Debian packages could not be updated.', {
      env,
    });
    quietly(apt.program, install, howToInstall(missing), { env });
  } catch (error) {
    if (!(error instanceof Sentence)) throw error;
    throw new Sentence(`${howToInstall(missing)}\n${error.message}`);
  }
  missing = missing.filter((need) => !need.present());
  if (missing.length > 0) throw new Sentence(howToInstall(missing));
}
