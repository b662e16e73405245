import type { FeatureCollection } from 'geojson';
import type * as Leaflet from 'leaflet';

declare global {
  /** What the server writes before the service worker. */
  const SHELL: { version: string; files: string[] };

  interface Navigator {
    /** Not every browser has it. */
    connection?: { saveData?: boolean };
  }
  interface Window {
    /** Leaflet's classic script puts itself here. */
    L: typeof Leaflet;
    /** Not every browser has it. */
    trustedTypes?: {
      createPolicy(
        name: string,
        rules: {
          createHTML?: (text: string) => string;
          createScriptURL?: (url: string) => string | null;
        },
      ): unknown;
    };
  }
}

export type Lang = 'ar' | 'en';

/** `other` stands for a type this page does not know yet. */
export type TypeSlug =
  | 'battles'
  | 'explosions'
  | 'civilians'
  | 'protests'
  | 'riots'
  | 'strategic'
  | 'other';

/** 1 at a named place, 2 near it, 3 somewhere in a region. */
export type Precision = 1 | 2 | 3;

export interface LngLat {
  lng: number;
  lat: number;
}

/** A number as sources report it: any bound may be unknown, and unknown is not zero. */
export interface Range {
  best: number | null;
  low: number | null;
  high: number | null;
}

/** A conflict event after reading: every field is there, `null` means unknown. */
export interface Event {
  id: string;
  point: LngLat | null;
  type: TypeSlug;
  eventType: string | null;
  subEventType: string | null;
  civilianTargeting: string | null;
  date: string | null;
  dateEnd: string | null;
  timePrecision: Precision | null;
  dateText: string | null;
  actor1: string | null;
  assocActor1: string[];
  actor2: string | null;
  assocActor2: string[];
  actorIds: string[];
  location: string | null;
  locationAr: string | null;
  admin1: string | null;
  admin1Pcode: string | null;
  geoPrecision: Precision | null;
  placeText: string | null;
  placeId: string | null;
  fatalities: Range;
  injured: Range;
  personnel: number | null;
  vehicles: number | null;
  trucks: number | null;
  certainty: string | null;
  confidence: number | null;
  review: string | null;
  evidence: string | null;
  attribution: string | null;
  source: string | null;
  sourceUrl: string | null;
  title: string | null;
  published: string | null;
  nSources: number | null;
  extractor: string | null;
}

/** A place of the gazetteer that a search found; a name may be missing, not both. */
export interface FoundPlace {
  id: string;
  point: LngLat;
  ar: string | null;
  en: string | null;
  kind: string;
  admin1: string | null;
  admin1Pcode: string | null;
  /** The name that begins as the reader wrote it, if only its beginning was written. */
  matched: string | null;
}

/** What one of the articles behind an event says of it. */
export interface Source {
  source: string | null;
  url: string | null;
  title: string | null;
  published: string | null;
  evidence: string | null;
  attribution: string | null;
  /** Null of the one that the others joined. */
  joined: Joined | null;
}

/** Why an article is held to tell of the same happening as those before it. */
export interface Joined {
  /** A person said so, and no reason is needed. */
  byPerson: boolean;
  isCopy: boolean;
  /** The outlet whose article it repeats, if its name is known. */
  copyOf: string | null;
  /** The outlet whose report it was compared with, where there are several. */
  like: string | null;
  score: number | null;
  reasons: Reason[];
}

/** A reason by its code, with the kilometres that it tells of. */
export interface Reason {
  code: string;
  km: number | null;
}

/** A sentence of an article that was sent, and what was made of it. */
export interface Finding {
  zone: string;
  start: number;
  end: number;
  notes: string[];
}

/** What was read in an article that was sent. */
export interface Reading {
  /** Events with where their sentence stands in the text, in characters. */
  events: { event: Event; start: number | null; end: number | null }[];
  findings: Finding[];
  problems: string[];
}

/** Events that have something in common, and those killed in them. */
export interface Tally {
  keys: (string | null)[];
  name: string | null;
  count: number;
  fatalities: Range;
  fatalitiesUnknown: number;
}

export interface View {
  zoom: number;
  lat: number;
  lng: number;
}

/** What can be filtered by, each on its own. */
export type Facet =
  | 'types'
  | 'dates'
  | 'actors'
  | 'where'
  | 'certainty'
  | 'near'
  | 'toll'
  | 'sources'
  | 'q';

export type Sort = 'new' | 'old' | 'toll' | 'type';

/** What a copied link brings back. Empty lists filter nothing. */
export interface State {
  lang: Lang;
  view: View | null;
  event: string | null;
  /** Null while every type is shown; sub-types are shown beside whole types. */
  types: TypeSlug[] | null;
  subs: string[];
  from: string | null;
  to: string | null;
  /** The last so many days, instead of two dates. */
  days: number | null;
  actors: string[];
  /** P-codes of governorates, or names as the data have them. */
  where: string[];
  certainty: string[];
  near: Precision[];
  /** At least so many killed. */
  toll: number | null;
  sources: string[];
  q: string;
  /** The point whose events are listed, instead of those in view. */
  here: LngLat | null;
  tab: 'map' | 'unplaced';
  look: 'list' | 'table';
  sort: Sort;
}

/** From a day to a day, both within. */
export interface Span {
  from: string;
  to: string;
}

export type Unit = 'day' | 'week' | 'month';

/** A column of the timeline. */
export interface Column extends Span {
  count: number;
}

/** West, south, east, north. */
export type Bounds = [number, number, number, number];

/** Events in one cell of the map, as the server counts them. */
export interface Cluster {
  id: string;
  point: LngLat;
  count: number;
  types: [TypeSlug, number][];
  bbox: Bounds;
  event: string | null;
}

/** What the server shows of a part of the map. */
export interface Shown {
  /** Null where there are too many events to be shown one by one. */
  events: Event[] | null;
  clusters: Cluster[];
  matched: number;
}

/** A symbol on the map: one event, or several. */
export interface Mark {
  key: string;
  point: LngLat;
  count: number;
  types: [TypeSlug, number][];
  precision: Precision;
  /** Null unless it is a single event that is known. */
  event: Event | null;
  /** Null where all lie at one point. */
  bbox: Bounds | null;
  /** The P-code of the governorate somewhere in which the events happened. */
  region: string | null;
  /** Pixels by which the symbol of a region gives way to those of places. */
  aside?: { x: number; y: number };
}

/** How many events have something in common. */
export interface Group {
  keys: (string | number | null)[];
  count: number;
  name: string | null;
}

export interface Counts {
  matched: number;
  undated: number;
  groups: Group[];
}

/** A page of a list. */
export interface Page {
  events: Event[];
  next: string | null;
  matched: number;
}

/** Strings that differ by number; the keys are those of Intl.PluralRules. */
export type PluralForms = Partial<Record<Intl.LDMLPluralRule, string>> & {
  other: string;
};

export interface Dictionary {
  name: string;
  text: Record<string, string>;
  plural: Record<string, PluralForms>;
  /** Kinds of places, not of events. */
  kinds: Record<string, string>;
  types: Record<string, string>;
  subTypes: Record<string, string>;
  governorates: Record<string, string>;
  actors: Record<string, string>;
}

/** Words for what was made of a text. */
export interface ReadingWords {
  /** Why something is no event, by what the program says. */
  refusals: Record<string, string>;
  /** What keeps a text from being read well, by what the program says. */
  problems: Record<string, string>;
  /** Why the server refuses a request, by its code. */
  errors: Record<string, string>;
}

export interface Basemap {
  countries: FeatureCollection;
  borders: FeatureCollection;
  governorateBorders: FeatureCollection;
  lakes: FeatureCollection;
  rivers: FeatureCollection;
  places: FeatureCollection;
}

/** What an operator shows under the events. */
export interface Tiles {
  /** Pictures of a map, by zoom, column and row. */
  url: string | null;
  /** Tiles of a file that the server has. */
  vectors: Vectors | null;
  attribution: string | null;
}

export interface Vectors {
  /** Changes with the file. */
  version: string;
  minZoom: number;
  maxZoom: number;
  bounds: Bounds;
}

/** A rectangle in pixels. */
export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}
