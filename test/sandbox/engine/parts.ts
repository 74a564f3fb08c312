import type { RegistryStore, TokenService } from '../contracts.ts';
import type { ListForm } from '../list-forms.ts';

/** What the engine works with: the cloud's own services, as the transfer service reaches them. */
export interface EngineParts {
  readonly store: RegistryStore;
  readonly tokens: TokenService;
  /** The cloud's CA, PEM: its storage account is trusted and no other. */
  readonly ca: string;
  /** The value of a secret, read as this principal. Rejects when the vault refuses. */
  readonly vaultSecret: (secretUri: string, principalId: string) => Promise<string>;
  /** `repository:tag` of artifacts to import with another manifest than the one that arrived. */
  readonly corruptImports: () => readonly string[];
  /** `repository:tag` of artifacts that can't be exported. */
  readonly brokenExports: () => readonly string[];
  /** `repository:tag` of artifacts to leave out without a word. */
  readonly skipImports: () => readonly string[];
  /** How the list of imported artifacts is written. */
  readonly listForm: () => ListForm;
  /** Entries that the list has in addition. */
  readonly alsoListed: () => readonly string[];
  readonly loginServer: string;
}
