/** Log lines, log groups, and masking of secrets. */
import * as core from '@actions/core';
import { neutralizeCommands } from '../text/untrusted-text.ts';

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** `encodeURIComponent` throws for lone surrogates, so they are replaced first. */
const encoded = (text: string): string => encodeURIComponent(text.toWellFormed());

/** The signature of a SAS: as written, decoded (it can contain `+`, `/` and `=`), and encoded. */
function signatureForms(sas: string): readonly string[] {
  const signature = /(?:^|[?&])sig=([^&\s]+)/.exec(sas)?.[1];
  if (signature === undefined) return [];
  const plain = decoded(signature);
  return [signature, plain, encoded(plain)];
}

/** All forms of a secret that must be masked: the secret, its lines, the signature of a SAS, and their URL-encoded forms. */
export function secretForms(secret: string): readonly string[] {
  const forms = [secret, ...secret.split(/\r?\n/), encoded(secret), ...signatureForms(secret)];
  return [...new Set(forms.map((form) => form.trim()))].filter((form) => form.length > 3);
}

/** Prints one or several lines to the log. */
export const print = (text: string): void => {
  core.info(neutralizeCommands(text));
};

/** Begins a group. Groups do not nest. */
export const beginGroup = (title: string): void => {
  core.startGroup(neutralizeCommands(title));
};

/** Ends the group. */
export const endGroup = (): void => {
  core.endGroup();
};

/** Masks a secret, in all its forms, in everything that the runner shows. */
export function mask(secret: string): void {
  for (const form of secretForms(secret)) core.setSecret(form);
}

/** Masks the password of the proxy of the environment, and logs which proxy it is. */
export function printProxy(proxy: { name: string; variable: string; password: string } | null): void {
  if (proxy === null) return;
  mask(proxy.password);
  mask(decoded(proxy.password));
  print(`Requests go through the proxy ${proxy.name} (${proxy.variable}).`);
}
