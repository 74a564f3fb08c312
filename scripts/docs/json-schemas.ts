/** The published schemas of the documents that are transferred between the sides. */
import { format, resolveConfig } from 'prettier';
import * as z from 'zod';
import { REPORT } from '../../src/transfer/documents/report-schema.ts';
import { HISTORY, MANIFEST, PLAN, RECEIPT } from '../../src/transfer/documents/schemas.ts';

const DOCUMENTS = { plan: PLAN, transfer: MANIFEST, receipt: RECEIPT, history: HISTORY, report: REPORT } as const;

/**
 * JSON Schema of every document, by path. `io: 'input'`, because readers ignore unknown members: a schema that forbids them
 * would reject documents that the action accepts. Checks that JSON Schema can't express are left out.
 */
export async function jsonSchemas(): Promise<ReadonlyMap<string, string>> {
  const pages = new Map<string, string>();
  for (const [name, { title, version, schema }] of Object.entries(DOCUMENTS)) {
    const path = `docs/schemas/${name}.schema.json`;
    const { $schema, ...body } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
    const json = { $schema, title: `acr-transfer ${title}, version ${version}`, ...body };
    pages.set(path, await format(JSON.stringify(json), { ...(await resolveConfig(path)), filepath: path }));
  }
  return pages;
}
