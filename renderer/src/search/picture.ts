import type { App } from '../app.ts';
import { t } from '../strings.ts';

/** What the engine takes at most, before base64. */
const LARGEST_BYTES = 24_000_000;

/** Asks for moments that look like a picture. */
export async function searchWithPicture(app: App, picture: File): Promise<void> {
  if (!picture.type.startsWith('image/')) {
    app.notices.show('attention', t.search.notPicture);
    return;
  }
  if (picture.size > LARGEST_BYTES) {
    app.notices.show('attention', t.search.pictureTooLarge);
    return;
  }
  const base64 = await base64Of(picture);
  app.route.go({ screen: 'search' });
  await app.search.run({ kind: 'picture', name: picture.name, base64 });
}

function base64Of(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => {
      const address = typeof reader.result === 'string' ? reader.result : '';
      resolve(address.slice(address.indexOf(',') + 1));
    };
    reader.onerror = () => {
      reject(reader.error ?? new Error(t.search.notPicture));
    };
    reader.readAsDataURL(file);
  });
}
