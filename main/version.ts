declare const KALANCHA_VERSION: string | undefined;

/** The version of this program; a build carries that of package.json, sources run as themselves. */
export const version: string = typeof KALANCHA_VERSION === 'string' ? KALANCHA_VERSION : '0.0.0-source';
