/**
 * Supports packages whose JSON imports were written for a bundler: Node requires `with { type: 'json' }`, which
 * `@actions/languageservice` and `@actions/workflow-parser` omit. Import this before them.
 */
import { registerHooks } from 'node:module';

registerHooks({
  load: (url, context, nextLoad) =>
    url.endsWith('.json') ? nextLoad(url, { ...context, importAttributes: { type: 'json' } }) : nextLoad(url, context),
});
