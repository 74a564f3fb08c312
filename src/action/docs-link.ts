/** What the documentation of the action that is running says of a failure; null for an action out of the workspace. */
export function docsUrl(id: string): string | null {
  const repository = process.env['GITHUB_ACTION_REPOSITORY'] ?? '';
  const ref = process.env['GITHUB_ACTION_REF'] ?? '';
  const server = process.env['GITHUB_SERVER_URL'] ?? 'https://github.com';
  if (repository === '' || ref === '') return null;
  return `${server}/${repository}/blob/${encodeURIComponent(ref)}/docs/errors.md#${id.toLowerCase()}`;
}
