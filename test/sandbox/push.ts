/** `npm run sandbox:push -- [--folder FOLDER] REPOSITORY:TAG...`: pushes small images to the source of a running sandbox. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { connectRegistry, image } from './content/index.ts';
import type { SandboxDescription } from './description.ts';
import { DEFAULT_FOLDER, DESCRIPTION_FILE } from './folder.ts';

const { values, positionals } = parseArgs({
  options: { folder: { type: 'string', default: DEFAULT_FOLDER } },
  allowPositionals: true,
});
const text = readFileSync(path.join(values.folder, DESCRIPTION_FILE), 'utf8');
const client = await connectRegistry((JSON.parse(text) as SandboxDescription).source);
for (const reference of positionals) {
  const [repository = '', tag = 'latest'] = reference.split(':');
  const { digest } = await client.push(repository, await image({ seed: reference }), tag);
  console.log(`${repository}:${tag} ${digest}`);
}
client.close();
