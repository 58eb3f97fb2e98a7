interface Photo {
  state: 'pending' | 'ready' | 'refused';
  picture: { sha256: string; files: string[] } | null;
}

/** About four minutes: others' photos may be in front of it. */
const ASKED_MAX = 60;
const WAIT_MS = 750;
const WAIT_MS_MAX = 5000;

/** Uploads a photo, and waits until its clean picture is made. Throws where it can't be. */
export async function uploadScene(file: File): Promise<{ id: string; src: string }> {
  const id = crypto.randomUUID();
  const body = new FormData();
  body.set('file', file);
  let photo = await answered(fetch(`/v1/social/photos/${id}`, { method: 'put', body }));
  for (let n = 0; n < ASKED_MAX && photo.state === 'pending'; n++) {
    await new Promise((done) => setTimeout(done, Math.min(WAIT_MS_MAX, WAIT_MS * 1.15 ** n)));
    photo = await answered(fetch(`/v1/social/photos/${id}`));
  }
  const made = photo.picture;
  if (photo.state !== 'ready' || !made) throw new Error(photo.state);
  const large = made.files.find((each) => each === '960.webp') ?? made.files[0];
  return { id, src: `/media/${made.sha256}/${large}` };
}

async function answered(asked: Promise<Response>): Promise<Photo> {
  const answer = await asked;
  if (!answer.ok) throw new Error(answer.statusText);
  return (await answer.json()) as Photo;
}
