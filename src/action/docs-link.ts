/** Where the action that is running keeps its documentation; empty for an action out of the workspace. */
function docsUrl(id: string): string {
  const repository = process.env['GITHUB_ACTION_REPOSITORY'] ?? '';
  const ref = process.env['GITHUB_ACTION_REF'] ?? '';
  const server = process.env['GITHUB_SERVER_URL'] ?? 'https://github.com';
  if (repository === '' || ref === '') return '';
  return `${server}/${repository}/blob/${encodeURIComponent(ref)}/docs/errors.md#${id.toLowerCase()}`;
}

/** The id of a failure, as a link to what the documentation says of it where that can be known. */
export function docsLink(id: string): string {
  const url = docsUrl(id);
  return url === '' ? id : `[${id}](${url})`;
}
