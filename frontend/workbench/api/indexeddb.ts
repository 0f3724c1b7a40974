/** A shelf in the browser's IndexedDB: one object store of plain values under string keys. */

import { MemoryShelf, type Shelf } from "../core/ports.ts";

const DATABASE = "rubricator";
const STORE = "shelf";

export class IndexedDbShelf implements Shelf {
  #opening: Promise<IDBDatabase> | null = null;

  constructor(private readonly name = DATABASE) {}

  async get<T>(key: string): Promise<T | undefined> {
    return (await this.#run("readonly", (store) => store.get(key))) as T | undefined;
  }

  async put(key: string, value: unknown): Promise<void> {
    await this.#run("readwrite", (store) => store.put(value, key));
  }

  async remove(key: string): Promise<void> {
    await this.#run("readwrite", (store) => store.delete(key));
  }

  async list<T>(prefix: string): Promise<readonly (readonly [string, T])[]> {
    const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
    const keys = await this.#run("readonly", (store) => store.getAllKeys(range));
    const values = await Promise.all(keys.map((key) => this.get<T>(String(key))));
    // A value removed between the two reads is simply not there any more.
    return keys.flatMap((key, index) => {
      const value = values[index];
      return value === undefined ? [] : [[String(key), value] as const];
    });
  }

  async #run<R>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<R>): Promise<R> {
    const database = await this.#database();
    return new Promise<R>((resolve, reject) => {
      const transaction = database.transaction(STORE, mode, { durability: "strict" });
      const request = act(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = transaction.onerror = () => reject(transaction.error ?? request.error);
    });
  }

  #database(): Promise<IDBDatabase> {
    this.#opening ??= new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(this.name, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(STORE);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    }).then((database) => {
      const forget = () => {
        this.#opening = null;
      };
      database.onclose = forget;
      database.onversionchange = () => {
        database.close();
        forget();
      };
      return database;
    });
    this.#opening.catch(() => {
      this.#opening = null;
    });
    return this.#opening;
  }
}

/** The best shelf this browser allows: some private modes refuse IndexedDB altogether. */
export async function bestShelf(): Promise<Shelf> {
  try {
    const shelf = new IndexedDbShelf();
    await shelf.get("probe");
    return shelf;
  } catch {
    return Object.assign(new MemoryShelf(), { failing: true });
  }
}
