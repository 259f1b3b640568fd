import { After } from './after.ts';
import { Billed } from './billed.ts';
import { Bundles } from './bundles.ts';
import { Certificates } from './certificates.ts';
import { Commits } from './commit.ts';
import { Credentials } from './credentials.ts';
import { Disclosures } from './disclosure.ts';
import { Endorsements } from './endorsements.ts';
import { FirstArticles } from './first-articles.ts';
import { Holds } from './holds.ts';
import { Issuers } from './issuers.ts';
import { Journal } from './journal.ts';
import { Labels } from './labels.ts';
import { LaneStops } from './lane-stops.ts';
import { MesKeys } from './mes-keys.ts';
import { MesResults } from './mes-results.ts';
import { NamedSecrets } from './named-secrets.ts';
import type { Db } from './open.ts';
import { Outbox } from './outbox.ts';
import { ProgramOutputs } from './program-outputs.ts';
import { Recipes } from './recipes.ts';
import { Runs } from './runs.ts';
import { StoredCertificates } from './stored-certificates.ts';
import { Units } from './units.ts';
import { Webhooks } from './webhooks.ts';

/** The station's tables over one database connection; all writes go through `commits`. */
export type Records = {
  readonly db: Db;
  readonly commits: Commits;
  readonly disclosures: Disclosures;
  readonly journal: Journal;
  readonly units: Units;
  readonly recipes: Recipes;
  readonly runs: Runs;
  readonly programOutputs: ProgramOutputs;
  readonly credentials: Credentials;
  readonly outbox: Outbox;
  readonly holds: Holds;
  readonly billed: Billed;
  readonly issuers: Issuers;
  readonly certificates: Certificates;
  readonly stored: StoredCertificates;
  readonly endorsements: Endorsements;
  readonly secrets: NamedSecrets;
  readonly laneStops: LaneStops;
  readonly labels: Labels;
  readonly bundles: Bundles;
  readonly after: After;
  readonly firstArticles: FirstArticles;
  readonly mesKeys: MesKeys;
  readonly results: MesResults;
  readonly webhooks: Webhooks;
};

export function openRecords(db: Db): Records {
  const commits = new Commits(db);
  const disclosures = new Disclosures(db);
  return {
    db,
    commits,
    disclosures,
    journal: new Journal(db, commits, disclosures),
    units: new Units(db),
    recipes: new Recipes(db),
    runs: new Runs(db),
    programOutputs: new ProgramOutputs(db),
    credentials: new Credentials(db),
    outbox: new Outbox(db, disclosures),
    holds: new Holds(db),
    billed: new Billed(db),
    issuers: new Issuers(db),
    certificates: new Certificates(db),
    stored: new StoredCertificates(db),
    endorsements: new Endorsements(db),
    secrets: new NamedSecrets(db),
    laneStops: new LaneStops(db, disclosures),
    labels: new Labels(db),
    bundles: new Bundles(db),
    after: new After(db),
    firstArticles: new FirstArticles(db),
    mesKeys: new MesKeys(db),
    results: new MesResults(db),
    webhooks: new Webhooks(db),
  };
}

/** Inside a commit, after rows changed: the event that tells every screen how the backlog stands now. */
export function noteBacklog(records: Records, at: string): void {
  records.journal.append(null, { type: 'backlog', at, backlog: records.outbox.backlog() });
}
