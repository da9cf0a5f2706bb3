import { type ArchiveCamera, byKeyframes, createArchiveCamera } from './archive-camera.ts';
import { type ArchiveSound, createArchiveSound } from './archive-sound.ts';
import { failureOfError } from './camera-state.ts';
import { createClockHold } from './clock-hold.ts';
import type { ArchiveGroup, GroupOptions } from './group-contract.ts';
import type { GroupState } from './group-state.ts';
import { createMasterClock } from './master-clock.ts';

const TICK_MS = 40;
/** How often a mere change of time is told, ms. */
const TELL_EVERY_MS = 150;
/** Nearer to now than this, "go there" means live, ms. */
const SAME_AS_LIVE_MS = 3_000;
/** Nearer to now than this the archive has nothing that live does not show, ms. */
const NEAR_LIVE_MS = 15_000;

export function createArchiveGroup(options: GroupOptions): ArchiveGroup {
  const { now } = options;
  const clock = createMasterClock(options.startAt ?? now(), () => performance.now());
  const hold = createClockHold(clock, () => performance.now());
  const cameras = new Map<string, ArchiveCamera>();
  let selected = '';
  let mode: GroupState['mode'] = options.startAt === null ? 'live' : 'archive';
  let soundOn = false;
  let sound: ArchiveSound | undefined;
  let skipped: GroupState['skipped'] = null;
  let notice: GroupState['notice'] = null;
  let jumping = false;
  /** Rises with each order of the person: what was begun before is outdated. */
  let order = 0;
  let steps: Promise<void> = Promise.resolve();
  let dirty = false;
  let toldAt = 0;
  let told: GroupState | undefined;

  clock.setPlaying(true);
  clock.setHeld(true);

  const frameUtc = (): number | null => cameras.get(selected)?.state().frameUtc ?? null;

  function state(): GroupState {
    return {
      mode,
      playing: clock.playing(),
      rate: clock.rate(),
      waiting: mode === 'archive' && clock.playing() && clock.held(),
      currentUtc: mode === 'live' ? frameUtc() : shownUtc(),
      skipped,
      notice,
      sound: soundOn ? (sound?.state() ?? 'silent') : null,
      cameras: Object.fromEntries([...cameras].map(([id, camera]) => [id, camera.state()])),
    };
  }

  /** Standing, the frame's own time is told; running, the clock's. */
  function shownUtc(): number {
    const frame = frameUtc();
    const at = clock.now();
    return frame !== null && Math.abs(frame - at) < 2_000 && !byKeyframes(clock.rate()) ? frame : at;
  }

  function tell(): void {
    dirty = false;
    toldAt = performance.now();
    told = state();
    options.onChange(told);
  }

  function moveTo(utc: number, why: GroupState['skipped'] = null): void {
    clock.set(utc);
    clock.setHeld(true);
    hold.reset();
    skipped = why;
    for (const camera of cameras.values()) camera.moved();
    dirty = true;
  }

  function enterArchive(): void {
    if (mode === 'archive') return;
    mode = 'archive';
    notice = null;
    for (const camera of cameras.values()) camera.toArchive();
    hear();
  }

  function enterLive(from?: number): void {
    order += 1;
    mode = 'live';
    notice = from === undefined ? null : 'now-live';
    skipped = null;
    clock.setRate(1);
    clock.setPlaying(true);
    for (const camera of cameras.values()) camera.toLive(from);
    hear();
    tell();
  }

  /** Nobody has footage here: on to the nearest that somebody has. */
  async function jump(): Promise<void> {
    if (jumping) return;
    jumping = true;
    const mine = order;
    const direction = clock.rate() < 0 ? -1 : 1;
    const from = clock.now();
    clock.setHeld(true);
    try {
      const active = [...cameras.values()].filter((camera) => camera.state().phase === 'gap');
      const found = await Promise.all(active.map((camera) => camera.nearest(from, direction)));
      if (mine !== order) return;
      const times = found.filter((one) => one !== undefined);
      if (times.length === 0) {
        if (direction === 1) enterLive(from);
        else {
          clock.setPlaying(false);
          notice = 'nothing-before';
          dirty = true;
        }
        return;
      }
      const to = direction === 1 ? Math.min(...times) : Math.max(...times) - 1;
      const reason = active.map((camera) => camera.state().gap?.reason).find((one) => one !== undefined);
      const passed = { from: Math.min(from, to), to: Math.max(from, to), reason: reason ?? null };
      moveTo(to, Math.abs(to - from) > 1_000 ? passed : null);
    } catch (error) {
      if (mine === order) failed(error);
    } finally {
      jumping = false;
    }
  }

  function failed(error: unknown): void {
    const failure = failureOfError(error);
    // The cameras themselves tell what they cannot have; here only the search for more was refused.
    if (failure.kind === 'refused' || failure.kind === 'signed-out') clock.setPlaying(false);
    dirty = true;
  }

  /** Sound belongs to the archive and to the camera that is selected. */
  function hear(): void {
    sound?.stop();
    sound = undefined;
    dirty = true;
    if (!soundOn || mode !== 'archive' || selected === '') return;
    const onChange = () => {
      dirty = true;
    };
    sound = createArchiveSound({ cameraId: selected, clock, now, onChange });
  }

  function tick(): void {
    if (mode === 'archive' && cameras.size > 0) {
      const standings = [...cameras.values()].map((camera) => camera.tick()).filter((one) => one !== 'off');
      sound?.tick();
      const utc = clock.now();
      const onwards = clock.playing() && clock.rate() > 0;
      const ended =
        utc > now() - NEAR_LIVE_MS &&
        standings.every((one) => one !== 'ready') &&
        [...cameras.values()].every((camera) => camera.atEnd(utc));
      if (onwards && (utc > now() - SAME_AS_LIVE_MS || (standings.length > 0 && ended))) enterLive(utc);
      else if (standings.length > 0 && standings.every((one) => one === 'gap')) {
        if (clock.playing()) void jump();
      } else if (hold.update(standings)) dirty = true;
    }
    const due = performance.now() - toldAt > TELL_EVERY_MS;
    if (dirty || (due && (clock.running() || told?.currentUtc !== state().currentUtc))) tell();
  }

  const timer = setInterval(tick, TICK_MS);

  async function step(direction: 1 | -1, mine: number): Promise<void> {
    const camera = cameras.get(selected);
    if (!camera || mine !== order) return;
    try {
      let frame = await camera.neighbour(direction);
      if (!frame) {
        const beyond = await camera.nearest(clock.now() + direction, direction);
        if (beyond !== undefined) frame = { utc: direction === 1 ? beyond : beyond - 1, ms: 1 };
      }
      if (mine !== order || !frame) return;
      // Into the middle of the frame, where no rounding can miss it.
      moveTo(frame.utc + frame.ms / 2);
    } catch (error) {
      if (mine === order) failed(error);
    }
  }

  const controls: ArchiveGroup = {
    attach(cameraId, elements) {
      const camera = createArchiveCamera({
        cameraId,
        elements,
        clock,
        now,
        cameras: () => cameras.size,
        timeline: (from, to, signal) => options.timeline(cameraId, from, to, signal),
        problem: (signal) => options.problem(cameraId, signal),
        onChange: () => {
          dirty = true;
        },
      });
      cameras.set(cameraId, camera);
      if (!cameras.has(selected)) selected = cameraId;
      if (mode === 'live') camera.toLive();
      return () => {
        camera.stop();
        if (cameras.get(cameraId) === camera) cameras.delete(cameraId);
      };
    },
    select(cameraId) {
      if (selected === cameraId) return;
      selected = cameraId;
      hear();
    },
    go(utc, play = clock.playing()) {
      order += 1;
      if (play && clock.rate() > 0 && utc > now() - SAME_AS_LIVE_MS) {
        if (mode !== 'live') enterLive();
        return;
      }
      enterArchive();
      notice = null;
      clock.setPlaying(play);
      moveTo(Math.min(utc, now()));
      tick();
    },
    play() {
      if (mode === 'live') return;
      order += 1;
      clock.setPlaying(true);
      clock.setHeld(true);
      for (const camera of cameras.values()) camera.moved();
      dirty = true;
      tick();
    },
    pause() {
      order += 1;
      if (mode === 'live') {
        controls.go(frameUtc() ?? now(), false);
        return;
      }
      // The picture that is on the screen stays there.
      const frame = frameUtc();
      const utc = clock.now();
      clock.setPlaying(false);
      if (byKeyframes(clock.rate()) && frame !== null && Math.abs(frame - utc) < 60_000)
        moveTo(frame + 1, skipped);
      dirty = true;
      tick();
    },
    setRate(rate) {
      order += 1;
      if (mode === 'live') {
        if (rate === 1) return;
        const from = frameUtc() ?? now();
        clock.setRate(rate);
        // There is nothing ahead of now to be played faster.
        controls.go(rate > 1 ? from - NEAR_LIVE_MS : from, true);
        return;
      }
      const kind = byKeyframes(clock.rate());
      clock.setRate(rate);
      if (kind !== byKeyframes(rate)) moveTo(clock.now(), skipped);
      dirty = true;
    },
    step(direction) {
      if (mode === 'live' || clock.playing()) {
        controls.pause();
        if (clock.rate() < 0 || clock.rate() > 2) clock.setRate(1);
        if (mode === 'live') return;
      }
      // One after the other: who presses the key twice goes two frames.
      const mine = order;
      steps = steps.then(() => step(direction, mine));
    },
    toLive: () => enterLive(),
    setSound(on) {
      soundOn = on;
      hear();
    },
    retry: (cameraId) => cameras.get(cameraId)?.retry(),
    position: () => (mode === 'live' ? frameUtc() : shownUtc()),
    state,
    stop() {
      order += 1;
      clearInterval(timer);
      sound?.stop();
      for (const camera of cameras.values()) camera.stop();
      cameras.clear();
    },
  };
  return controls;
}
