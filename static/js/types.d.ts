import type { FeatureCollection } from 'geojson';
import type * as Leaflet from 'leaflet';

declare global {
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

/** Events that lie at exactly one point, newest first. */
export interface Group {
  key: string;
  point: LngLat;
  events: Event[];
}

export interface View {
  zoom: number;
  lat: number;
  lng: number;
}

/** What a copied link brings back. `types` is null while every type is shown. */
export interface State {
  lang: Lang;
  view: View | null;
  event: string | null;
  types: TypeSlug[] | null;
  from: string | null;
  to: string | null;
}

export interface Loaded {
  events: Event[];
  /** True when the server has more events than were fetched. */
  truncated: boolean;
  /** How many events the server says it has, when it says so. */
  total: number | null;
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

export interface Basemap {
  countries: FeatureCollection;
  borders: FeatureCollection;
  governorateBorders: FeatureCollection;
  lakes: FeatureCollection;
  rivers: FeatureCollection;
  places: FeatureCollection;
}

/** A rectangle in pixels. */
export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}
