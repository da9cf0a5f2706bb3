import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Certificate {
  certFile: string;
  keyFile: string;
  /** PEM. */
  cert: string;
  key: string;
}

/** An authority of our own for one test, as a city would run it with openssl. */
export interface Authority extends Certificate {
  /** `ip` makes it one for a server there. The authority itself is valid for two days. */
  issue(commonName: string, ip?: string, days?: number): Promise<Certificate>;
  /** Takes a certificate back. @returns the new list of revoked ones, PEM */
  revoke(certificate: Certificate): Promise<string>;
  /** The list of revoked ones as it is now, PEM. @param due when it is to be replaced, as `20200101000000Z` */
  list(due?: string): Promise<string>;
}

const EC_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];

/** @param key what openssl is told to make a key; @param subject common name of the authority */
export async function makeAuthority(
  folder: string,
  name: string,
  key = EC_KEY,
  subject = name,
): Promise<Authority> {
  const newKey = [...key, '-nodes'];
  const home = join(folder, name);
  mkdirSync(home, { recursive: true });
  const file = (rest: string) => join(home, rest);
  const openssl = (...args: string[]) => run('openssl', args, { cwd: home });
  writeFileSync(file('index.txt'), '');
  writeFileSync(file('crlnumber'), '01\n');
  writeFileSync(
    file('ca.conf'),
    '[ca]\ndefault_ca=own\n[own]\ndatabase=index.txt\ncrlnumber=crlnumber\ndefault_md=default\ndefault_crl_days=2\n',
  );
  await openssl(
    'req',
    '-x509',
    ...newKey,
    '-days',
    '2',
    '-subj',
    `/CN=${subject}`,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
  );
  const read = (base: string): Certificate => ({
    certFile: file(`${base}.pem`),
    keyFile: file(`${base}.key`),
    cert: readFileSync(file(`${base}.pem`), 'utf8'),
    key: readFileSync(file(`${base}.key`), 'utf8'),
  });
  const by = ['ca', '-config', 'ca.conf', '-cert', 'ca.pem', '-keyfile', 'ca.key'];
  const list = async (due?: string): Promise<string> => {
    const dates = due === undefined ? [] : ['-crl_lastupdate', '20191231000000Z', '-crl_nextupdate', due];
    await openssl(...by, '-gencrl', ...dates, '-out', 'crl.pem');
    return readFileSync(file('crl.pem'), 'utf8');
  };
  return {
    ...read('ca'),
    async issue(commonName, ip, days = 2) {
      await openssl(
        'req',
        ...newKey,
        '-subj',
        `/CN=${commonName}`,
        '-keyout',
        `${commonName}.key`,
        '-out',
        'request.pem',
      );
      writeFileSync(
        file('extensions'),
        ip === undefined ? 'basicConstraints=CA:FALSE\n' : `subjectAltName=IP:${ip}\n`,
      );
      await openssl(
        ...['x509', '-req', '-in', 'request.pem', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial'],
        ...['-days', String(days), '-extfile', 'extensions', '-out', `${commonName}.pem`],
      );
      return read(commonName);
    },
    async revoke({ certFile }) {
      await openssl(...by, '-revoke', certFile);
      return list();
    },
    list,
  };
}
