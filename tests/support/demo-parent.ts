// Stands in for a hub that is killed: starts the program named on its command line as a hub would, passes lines both
// ways and says which process it is.
import { spawn } from 'node:child_process';

const [script, ...args] = process.argv.slice(2);
if (script === undefined) throw new Error('say which program to start');
const child = spawn(process.execPath, [script, ...args], {
  stdio: ['pipe', 'inherit', 'inherit'],
  env: { ...process.env, KALANCHA_PARENT: '1' },
});
console.log(`pid ${child.pid}`);
process.stdin.pipe(child.stdin);
child.once('exit', (code) => process.exit(code ?? 1));
