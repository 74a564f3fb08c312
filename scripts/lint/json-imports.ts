/**
 * Lets packages import JSON that were written for a bundler: Node wants `with { type: 'json' }`, which
 * `@actions/languageservice` and `@actions/workflow-parser` leave out. Import this before them.
 */
import { registerHooks } from 'node:module';

registerHooks({
  load: (url, context, nextLoad) =>
    url.endsWith('.json') ? nextLoad(url, { ...context, importAttributes: { type: 'json' } }) : nextLoad(url, context),
});
