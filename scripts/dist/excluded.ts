/** Packages that the bundle excludes because the action never reaches their code. */

/** The module that replaces excluded packages, in the folder of the bundle. */
export const EXCLUDED_MODULE = 'excluded.js';

/**
 * The excluded packages, with the export that another package imports.
 *
 * - `undici`: @actions/http-client uses it for the `fetch` of Octokit. It requests id-tokens with node:https.
 * - `apache-arrow`: @azure/storage-blob parses listings in the Arrow format with it, which a client must ask for.
 * - `open`: @azure/identity opens the browser with it, to sign in interactively.
 */
export const EXCLUDED = { undici: 'ProxyAgent', 'apache-arrow': 'tableFromIPC', open: 'default' } as const;

const failing = (name: string): string =>
  `function () { throw new Error("The bundle excludes the package ${name}, because the action does not use it"); }`;

/** The code of the module. Each use of an excluded package fails with the name of the package. */
export const excludedModule = (): string =>
  Object.entries(EXCLUDED)
    .map(
      ([name, imported]) => `export ${imported === 'default' ? 'default' : `const ${imported} =`} ${failing(name)};\n`,
    )
    .join('');
