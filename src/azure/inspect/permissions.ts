import * as z from 'zod';

const actions = z
  .array(z.string())
  .nullish()
  .transform((list): readonly string[] => list ?? []);

/** What a role allows (Microsoft REST reference, "Permission"): of each kind what is given without what is taken out of it. */
export const permissionSchema = z.object({
  actions,
  notActions: actions,
  dataActions: actions,
  notDataActions: actions,
});

/** Actions on resources, and actions on the data in them, with `*` for anything. */
export type Permission = z.infer<typeof permissionSchema>;

/** Which list an action stands in. */
export type ActionKind = 'actions' | 'dataActions';

/** `*` stands for any characters, slashes too (Microsoft Learn, "Understand Azure role definitions"); case does not count. */
function matches(pattern: string, action: string): boolean {
  const [first = '', ...rest] = pattern.toLowerCase().split('*');
  const text = action.toLowerCase();
  if (rest.length === 0) return first === text;
  const last = rest.pop() ?? '';
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  let from = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, from);
    if (found < 0) return false;
    from = found + part.length;
  }
  return from + last.length <= text.length;
}

/** Whether one of the permissions allows an action: what one takes out, another may give. */
export function allows(permissions: readonly Permission[], kind: ActionKind, action: string): boolean {
  const without = kind === 'actions' ? 'notActions' : 'notDataActions';
  return permissions.some(
    (permission) =>
      permission[kind].some((pattern) => matches(pattern, action)) &&
      !permission[without].some((pattern) => matches(pattern, action)),
  );
}
