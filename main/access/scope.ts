import type { Scope } from '../contract/access.ts';
import type { DeviceRecord } from '../devices/types.ts';

/** What of a device its scopes are decided by. */
export type Place = Pick<DeviceRecord, 'id' | 'okrugId' | 'districtId' | 'groupIds'>;

/** Where areas and devices stand, for comparing one scope with another. */
export interface Geography {
  okrugOfDistrict(districtId: string): string | undefined;
  placeOf(deviceId: string): Place | undefined;
}

export function scopeCovers(scope: Scope, place: Place): boolean {
  switch (scope.type) {
    case 'city':
      return true;
    case 'okrug':
      return place.okrugId === scope.id;
    case 'district':
      return place.districtId === scope.id;
    case 'group':
      return place.groupIds.includes(scope.id);
    case 'device':
      return place.id === scope.id;
  }
}

/** Is every device of `inner`, now and whatever is added later, in `outer`? What can't be known counts as no. */
export function scopeContains(outer: Scope, inner: Scope, geography: Geography): boolean {
  if (outer.type === 'city') return true;
  if (inner.type === 'city') return false;
  if (outer.type === inner.type) return outer.id === inner.id;
  if (inner.type === 'device') {
    const place = geography.placeOf(inner.id);
    return place !== undefined && scopeCovers(outer, place);
  }
  return (
    outer.type === 'okrug' && inner.type === 'district' && geography.okrugOfDistrict(inner.id) === outer.id
  );
}

/** Can no device ever be in both? Groups cross all areas, so only areas and devices can be told apart. */
export function scopesApart(a: Scope, b: Scope, geography: Geography): boolean {
  if (a.type === 'city' || b.type === 'city') return false;
  if (a.type === 'device' && b.type === 'device') return a.id !== b.id;
  if (a.type === 'device') {
    const place = geography.placeOf(a.id);
    return place !== undefined && !scopeCovers(b, place);
  }
  if (b.type === 'device') return scopesApart(b, a, geography);
  if (a.type === 'group' || b.type === 'group') return false;
  const okrugA = a.type === 'okrug' ? a.id : geography.okrugOfDistrict(a.id);
  const okrugB = b.type === 'okrug' ? b.id : geography.okrugOfDistrict(b.id);
  if (okrugA === undefined || okrugB === undefined) return false;
  return okrugA !== okrugB || (a.type === 'district' && b.type === 'district' && a.id !== b.id);
}
