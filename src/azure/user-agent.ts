/** How this action introduces itself to Azure's services. */
export const USER_AGENT = 'acr-transfer';
