import { join } from 'node:path';
import { flipFuses, FuseV1Options, FuseVersion, type FuseV1Config } from '@electron/fuses';
import type { AfterPackContext } from 'electron-builder';

/**
 * The switches burnt into the packaged program (https://www.electronjs.org/docs/latest/tutorial/fuses): it runs the app
 * in its archive and nothing else, and cannot be turned into a bare Node or opened to a debugger from outside.
 */
export const FUSES: FuseV1Config = {
  version: FuseVersion.V1,
  strictlyRequireAllFuses: true,
  [FuseV1Options.RunAsNode]: false,
  [FuseV1Options.EnableCookieEncryption]: true,
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
  [FuseV1Options.EnableNodeCliInspectArguments]: false,
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
  [FuseV1Options.OnlyLoadAppFromAsar]: true,
  [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
  [FuseV1Options.WasmTrapHandlers]: true,
};

/** The packaged program's file, by system. */
export function programPath(context: {
  readonly electronPlatformName: string;
  readonly appOutDir: string;
  readonly productFilename: string;
  readonly executableName: string;
}): string {
  const { electronPlatformName, appOutDir, productFilename, executableName } = context;
  switch (electronPlatformName) {
    case 'darwin':
    case 'mas':
      return join(appOutDir, `${productFilename}.app`, 'Contents', 'MacOS', productFilename);
    case 'win32':
      return join(appOutDir, `${productFilename}.exe`);
    default:
      return join(appOutDir, executableName);
  }
}

/** electron-builder calls this after it has put the program together and before it is signed. */
export async function burnFuses({
  electronPlatformName,
  appOutDir,
  packager,
}: AfterPackContext): Promise<void> {
  const { productFilename } = packager.appInfo;
  const executableName = 'executableName' in packager ? String(packager.executableName) : productFilename;
  const program = programPath({ electronPlatformName, appOutDir, productFilename, executableName });
  await flipFuses(program, { ...FUSES, resetAdHocDarwinSignature: electronPlatformName === 'darwin' });
}
