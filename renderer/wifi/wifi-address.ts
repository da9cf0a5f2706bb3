/** The page of one access point. */
export const apPath = (id: string): string => `/wifi/${encodeURIComponent(id)}`;
