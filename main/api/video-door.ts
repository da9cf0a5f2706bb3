import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Decision, Viewer } from '../access/types.ts';
import { notFound } from '../base/errors.ts';
import type { Action } from '../contract/access.ts';
import type { DeviceRecord, DeviceRegistry } from '../devices/types.ts';
import { trackOfName } from '../video/media-names.ts';
import type { MediaBytes } from '../video/types.ts';
import type { RightsGuard } from './rights-watch.ts';
import { sendGuarded } from './send-guarded.ts';
import type { VideoDesk } from './video-desk.ts';

export const PLAYLIST = 'application/vnd.apple.mpegurl';
/** For answers that hold nothing open. */
export const noClose = () => undefined;

type Refused = Decision & { allowed: false };
const ALLOWED: Decision = { allowed: true };

/** What every route with pictures in it shares: the camera asked for, its rights before, while and after the work. */
export type VideoDoor = ReturnType<typeof createVideoDoor>;

export function createVideoDoor({
  desk,
  devices,
}: {
  desk: VideoDesk;
  devices: Pick<DeviceRegistry, 'get'>;
}) {
  const camera = (id: string): DeviceRecord => {
    const device = devices.get(id);
    if (device?.kind !== 'camera') throw notFound('camera', id);
    return device;
  };

  /** Decides by where the camera stands now, not where it stood when the request came; none at all is none to see. */
  const stillThere = <D extends Decision>(id: string, decide: (device: DeviceRecord) => D): D | Refused => {
    const now = devices.get(id);
    return now ? decide(now) : { allowed: false, reason: 'no-grant' };
  };

  /** @throws AppError `no-right`, put on record */
  async function demand(
    viewer: Viewer,
    device: DeviceRecord,
    action: Action,
    decision: Decision,
  ): Promise<void> {
    if (!decision.allowed) throw await desk.refusal(viewer, device, action, decision.reason);
  }

  /** Runs `work` until it is done, the client leaves, or the right ends: then 403, on record. */
  async function whileAllowed<T>(
    request: FastifyRequest,
    reply: FastifyReply,
    device: DeviceRecord,
    action: Action,
    check: () => Decision,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<{ result: T; guard: RightsGuard }> {
    const guard = desk.rights.guard(request.viewer, check);
    const left = new AbortController();
    const onClose = () => left.abort();
    reply.raw.once('close', onClose);
    try {
      const result = await work(AbortSignal.any([guard.signal, left.signal]));
      await demand(request.viewer, device, action, check());
      return { result, guard };
    } catch (error) {
      guard.done();
      await demand(request.viewer, device, action, check());
      throw error;
    } finally {
      reply.raw.removeListener('close', onClose);
    }
  }

  /** Media by its name, which tells the track: sound needs its own right for every byte. */
  const bytes = async (
    request: FastifyRequest,
    reply: FastifyReply,
    id: string,
    name: string,
    read: (signal: AbortSignal) => Promise<MediaBytes>,
  ): Promise<FastifyReply> => {
    const device = camera(id);
    const { viewer } = request;
    const track = trackOfName(name) ?? 'main';
    let footageTime: number | undefined;
    const mayHear = () =>
      track === 'sound' ? stillThere(id, (now) => desk.mayHear(viewer, now, footageTime)) : ALLOWED;
    const mayHave = () => stillThere(id, (now) => desk.mayHaveBytes(viewer, now, footageTime));
    await demand(viewer, device, 'video.live', mayHave());
    await demand(viewer, device, 'video.audio', mayHear());
    const check = () => {
      const heard = mayHear();
      return heard.allowed ? mayHave() : heard;
    };
    const { result, guard } = await whileAllowed(request, reply, device, 'video.live', check, read);
    try {
      footageTime = result.footageTime;
      await demand(viewer, device, 'video.audio', mayHear());
      const decision = mayHave();
      if (!decision.allowed) throw await desk.refusal(viewer, device, 'video.archive', decision.reason);
      const close = await desk.recordBytes(viewer, device, footageTime, decision.as, track);
      return sendGuarded(reply, result.bytes, result.contentType, guard, close);
    } catch (error) {
      guard.done();
      throw error;
    }
  };

  return { camera, stillThere, demand, whileAllowed, bytes };
}
