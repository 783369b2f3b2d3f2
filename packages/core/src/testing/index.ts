export { commands } from "./commands.js";
export { type DelegationParts, type RootParts, rootSigned, signedFile, targetsSigned } from "./metadata.js";
export { given, Scenario } from "./scenario.js";
export { type TestSigner, testSigner, testSigners, underKeyId } from "./signer.js";
