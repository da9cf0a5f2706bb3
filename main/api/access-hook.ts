import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { AccessGate, Viewer } from '../access/types.ts';
import type { AuditLog } from '../audit/types.ts';
import { systemClock } from '../base/clock.ts';
import { type AppError, notFound } from '../base/errors.ts';
import type { Action } from '../contract/access.ts';
import type { DeviceRecord, DeviceRegistry } from '../devices/types.ts';
import { signInFirst } from './problem.ts';
import { createRefusals } from './refusals.ts';

/**
 * Who may call a route. Every route names one of these, or the server refuses to start:
 * - `public`: anybody; say why where it is used
 * - `signed-in`: any person with a session
 * - an action: held anywhere; with `deviceParam`, held on the device that the path names
 */
export type RouteAccess = 'public' | 'signed-in' | { action: Action; deviceParam?: string };

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: RouteAccess;
  }
  interface FastifyRequest {
    /** Set on every route that is not public. */
    viewer: Viewer;
    /** Set where the route names a `deviceParam`. */
    device: DeviceRecord;
    /** The error to throw when a right is missing, put on record first. */
    refuse(action: Action, device: DeviceRecord | null, reason: string): Promise<AppError>;
  }
}

export interface DoorServices {
  gate: AccessGate;
  audit: AuditLog;
  devices: DeviceRegistry;
  cookieName: string;
}

/**
 * The door: one hook that decides every request before any handler runs.
 */
export function installAccessHook(
  app: FastifyInstance,
  { gate, audit, devices, cookieName }: DoorServices,
): void {
  app.addHook('onRoute', (route) => {
    if (route.config?.access === undefined)
      throw new Error(`route ${String(route.method)} ${route.url} does not say who may call it`);
  });
  const refusals = createRefusals(audit, systemClock.monotonic);
  app.decorateRequest('refuse', function (this: FastifyRequest, action, device, reason) {
    const data = { method: this.method, path: this.routeOptions.url ?? '' };
    return refusals.refuse({ viewer: this.viewer, action, subject: device?.id ?? '', reason, data });
  });
  app.addHook('onRequest', async (request) => {
    const access = request.routeOptions.config.access;
    if (access === 'public' || access === undefined) return;
    const token = request.cookies[cookieName];
    const viewer = token ? gate.authenticate(token, request.ip) : null;
    if (!viewer) throw signInFirst();
    request.viewer = viewer;
    if (access === 'signed-in') return;
    let device: DeviceRecord | null = null;
    if (access.deviceParam) {
      const id = (request.params as Record<string, string>)[access.deviceParam] ?? '';
      device = devices.get(id) ?? null;
      if (!device) throw notFound('device', id);
      request.device = device;
    }
    const decision = gate.may(viewer, access.action, device);
    if (!decision.allowed) throw await request.refuse(access.action, device, decision.reason);
  });
}
