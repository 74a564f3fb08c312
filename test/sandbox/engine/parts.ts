import type { RegistryStore, TokenService } from '../contracts.ts';
import type { ListForm } from '../list-forms.ts';

/** The services of the cloud that the engine needs. */
export interface EngineParts {
  readonly store: RegistryStore;
  readonly tokens: TokenService;
  /** PEM of the cloud's CA. Only its storage account is trusted. */
  readonly ca: string;
  /** Reads the value of a secret as this principal. Rejects if the vault refuses. */
  readonly vaultSecret: (secretUri: string, principalId: string) => Promise<string>;
  /** `repository:tag` of artifacts that are imported with another manifest. */
  readonly corruptImports: () => readonly string[];
  /** `repository:tag` of artifacts that can't be exported. */
  readonly brokenExports: () => readonly string[];
  /** `repository:tag` of artifacts that are skipped silently. */
  readonly skipImports: () => readonly string[];
  /** The form of the list of imported artifacts. */
  readonly listForm: () => ListForm;
  /** Additional entries of the list. */
  readonly alsoListed: () => readonly string[];
  readonly loginServer: string;
}
