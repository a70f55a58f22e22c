const SUBJECTS = [
  'a brown dog',
  'two children',
  'a man in a red shirt',
  'a woman with a hat',
  'a group of people',
  'a white horse',
  'a boy on a bicycle',
  'an old car',
];
const DOINGS = ['is running', 'is standing', 'is sitting', 'is jumping', 'is waiting', 'is playing'];
const PLACES = ['on the beach', 'in the snow', 'on a street', 'in the grass', 'near the water', 'in a room'];

/** Every plain sentence of these parts: what the clips of a made library show. */
export function sentences(): string[] {
  return SUBJECTS.flatMap((subject) =>
    DOINGS.flatMap((doing) => PLACES.map((place) => `${subject} ${doing} ${place}`)),
  );
}

/** `count` searches (48 at most), each for something that is there, none the same as another or as a sentence. */
export function searches(count: number): string[] {
  return Array.from({ length: count }, (_, number) => {
    const subject = SUBJECTS[number % SUBJECTS.length] ?? '';
    const place =
      PLACES[((number % SUBJECTS.length) + Math.floor(number / SUBJECTS.length)) % PLACES.length] ?? '';
    return `${subject} ${place}`;
  });
}
