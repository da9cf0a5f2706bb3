import { z } from 'zod';
import type { AccessGate } from '../../access/types.ts';
import { DeviceId } from '../../contract/common.ts';
import { DeviceEvent, DeviceHealth } from '../../contract/health.ts';
import { Quarantine } from '../../contract/quarantine.ts';
import { maskedText, withMaskedMacs } from '../../health/macs.ts';
import type { HealthView } from '../../health/types.ts';
import { type CommandedServices, commandedView } from '../commanded-view.ts';
import type { Api } from '../server.ts';
import { type SurroundingsServices, surroundingsView } from '../surroundings-view.ts';

export interface HealthServices extends CommandedServices, SurroundingsServices {
  gate: AccessGate;
  devices: SurroundingsServices['devices'];
  health: HealthView;
}

/** One device's health and what it told of. Clients of access points are shown to whoever may see the Wi-Fi. */
export function healthRoutes(app: Api, services: HealthServices): void {
  const { gate, health } = services;
  const config = { access: { action: 'device.view', deviceParam: 'id' } } as const;
  const params = z.object({ id: DeviceId });

  app.get(
    '/api/devices/:id/health',
    { config, schema: { params, response: { 200: DeviceHealth } } },
    async ({ viewer, device }) => {
      const showMacs = gate.may(viewer, 'wifi.clients', device).allowed;
      const own = await health.health(device, showMacs);
      const answer = {
        ...own,
        ...(await surroundingsView(services, viewer, device, own.uplink)),
        commanded: commandedView(services, device),
      };
      return gate.may(viewer, 'wifi.view', device).allowed ? answer : { ...answer, clients: [] };
    },
  );

  app.get(
    '/api/devices/:id/quarantine',
    { config, schema: { params, response: { 200: Quarantine } } },
    async ({ viewer, device }) => {
      const all = await health.quarantine(device);
      if (device.kind !== 'ap' || gate.may(viewer, 'wifi.view', device).allowed) return all;
      return { ...all, entries: all.entries.map((entry) => ({ ...entry, sample: null })) };
    },
  );

  app.get(
    '/api/devices/:id/events',
    { config, schema: { params, response: { 200: z.array(DeviceEvent) } } },
    async ({ viewer, device }) => {
      const events = await health.events(device);
      // Access points may name their clients in what they tell, switches those behind a port.
      if (gate.may(viewer, 'wifi.clients', device).allowed) return events;
      if (device.kind === 'ap' && !gate.may(viewer, 'wifi.view', device).allowed)
        return events.map((event) => ({ ...event, type: maskedText(event.type), source: {}, data: {} }));
      return events.map((event) => ({
        ...event,
        type: maskedText(event.type),
        source: withMaskedMacs(event.source),
        data: withMaskedMacs(event.data),
      }));
    },
  );
}
