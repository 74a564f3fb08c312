export const ProxyAgent = function () { throw new Error("The bundle excludes the package undici, because the action does not use it"); };
export const tableFromIPC = function () { throw new Error("The bundle excludes the package apache-arrow, because the action does not use it"); };
export default function () { throw new Error("The bundle excludes the package open, because the action does not use it"); };
