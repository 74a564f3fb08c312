/** Whether this runs in CI, where `CI` is set. */
export const isCi = (env: NodeJS.ProcessEnv): boolean => !['', '0', 'false'].includes(env['CI'] ?? '');
