/** The page of one run of commands. */
export const runPagePath = (id: string): string => `/wifi/runs/${encodeURIComponent(id)}`;
