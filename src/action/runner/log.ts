/** Log lines, groups, masks in all forms of a secret. */
import * as core from '@actions/core';
import { neutralizeCommands } from '../text/untrusted-text.ts';

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** What is no text of Unicode cannot be encoded. */
const encoded = (text: string): string => encodeURIComponent(text.toWellFormed());

/** A signature as it stands in a SAS: encoded, or not, in which case it may hold `+`, `/` and `=`. */
function signatureForms(sas: string): readonly string[] {
  const signature = /(?:^|[?&])sig=([^&\s]+)/.exec(sas)?.[1];
  if (signature === undefined) return [];
  const plain = decoded(signature);
  return [signature, plain, encoded(plain)];
}

/** Everything that must never be printed of a secret: itself, its lines, its signature, and how URLs encode them. */
export function secretForms(secret: string): readonly string[] {
  const forms = [secret, ...secret.split(/\r?\n/), encoded(secret), ...signatureForms(secret)];
  return [...new Set(forms.map((form) => form.trim()))].filter((form) => form.length > 3);
}

/** One line, or several, of the log. */
export const print = (text: string): void => {
  core.info(neutralizeCommands(text));
};

/** Begins a group; groups do not nest. */
export const beginGroup = (title: string): void => {
  core.startGroup(neutralizeCommands(title));
};

/** Ends the group. */
export const endGroup = (): void => {
  core.endGroup();
};

/** Keeps a secret, in all its forms, out of everything that the runner shows. */
export function mask(secret: string): void {
  for (const form of secretForms(secret)) core.setSecret(form);
}
