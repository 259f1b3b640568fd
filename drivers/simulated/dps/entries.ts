/** The two kinds of enrollment. They differ in their ID's name, their path and a few members. */
export type Kind = 'individual' | 'group';

export type SymmetricKeyAttestation = {
  type: 'symmetricKey';
  symmetricKey: { primaryKey: string; secondaryKey: string };
};

export type TpmAttestation = { type: 'tpm'; tpm: { endorsementKey: string; storageRootKey?: string } };

export type CertificateInfo = {
  subjectName: string;
  sha1Thumbprint: string;
  sha256Thumbprint: string;
  issuerName: string;
  notBeforeUtc: string;
  notAfterUtc: string;
  serialNumber: string;
  version: number;
};

/** A certificate as it is kept: the body too, which never goes out again. */
export type KeptCertificate = { certificate: string; info: CertificateInfo };
export type KeptCertificates = { primary: KeptCertificate; secondary?: KeptCertificate };

export type X509Attestation = {
  type: 'x509';
  x509: {
    clientCertificates?: KeptCertificates;
    signingCertificates?: KeptCertificates;
    caReferences?: { primary: string; secondary?: string };
  };
};

/** An attestation as it is kept, with its secrets. */
export type Attestation = SymmetricKeyAttestation | TpmAttestation | X509Attestation;

/** An enrollment as it is kept. `settings` are the members that are stored and given back as they came. */
export type Entry = {
  kind: Kind;
  id: string;
  attestation: Attestation;
  settings: EntrySettings;
  etag: string;
  createdDateTimeUtc: string;
  lastUpdatedDateTimeUtc: string;
};

export type EntrySettings = {
  deviceId?: string | undefined;
  optionalDeviceInformation?: Record<string, unknown> | undefined;
  capabilities?: { iotEdge: boolean } | undefined;
  iotHubHostName?: string | undefined;
  initialTwin?: Record<string, unknown> | undefined;
  provisioningStatus?: 'enabled' | 'disabled' | null | undefined;
  reprovisionPolicy?: { updateHubAssignment: boolean; migrateDeviceData: boolean } | undefined;
  allocationPolicy?: 'hashed' | 'geoLatency' | 'static' | 'custom' | undefined;
  iotHubs?: string[] | undefined;
  customAllocationDefinition?: { webhookUrl: string; apiVersion: string } | undefined;
};

/** What became of a device's registration (DPS REST 2021-10-01, DeviceRegistrationState). */
export type RegistrationState = {
  registrationId: string;
  createdDateTimeUtc: string;
  assignedHub?: string;
  deviceId?: string;
  status: 'assigned' | 'failed' | 'disabled';
  substatus?: 'initialAssignment' | 'deviceDataMigrated' | 'deviceDataReset' | 'reprovisionedToInitialAssignment';
  errorCode?: number;
  errorMessage?: string;
  /** What the custom allocation webhook gave for the device. */
  payload?: Record<string, unknown>;
  lastUpdatedDateTimeUtc: string;
  etag: string;
};

/** The certificates that a device registered with: its own, and the one that its group is bound to. */
export type RegisteredCertificates = { certificateInfo: CertificateInfo; signingCertificateInfo?: CertificateInfo };

/** A registration record, and what it came by. Records survive the deletion of their group. */
export type Registration = {
  state: RegistrationState;
  groupId?: string;
  certificates?: RegisteredCertificates;
  /** The hub's key for the device, which only its TPM can read. */
  tpm?: { authenticationKey: string };
  /** The hub that the device came to first. */
  initialHub?: string;
  /** The twin that the device began with at its hub: the webhook's, or its enrollment's. */
  initialTwin?: Record<string, unknown>;
};

/** The key that a TPM was challenged with, and the keys of the TPM that it was sealed for; all three in base64. */
export type Challenge = { key: string; endorsementKey: string; storageRootKey: string };

/** A CA certificate of the instance. `certificate` is the base64 of its DER; times are milliseconds. */
export type CaCertificate = {
  name: string;
  certificate: string;
  isVerified: boolean;
  verificationCode?: string;
  created: number;
  updated: number;
  etag: string;
};

/** A registration as the device polls for it; without a result as long as the webhook is asked. */
export type Operation = { id: string; pollsLeft: number; result?: Registration };

/** What a registration proved and said, which its outcome is made of. */
export type Attempt = {
  /** The enrollment as it was when the device registered. */
  entry: Entry;
  /** As the device presented it. */
  registrationId: string;
  certificates?: RegisteredCertificates;
  /** The version of the API that the device speaks. */
  apiVersion: string;
  /** The device's own words for the webhook. */
  payload?: unknown;
};

/** A registration that waits for its webhook's answer; kept, so that a restart asks on. */
export type Question = { operationId: string; attempt: Attempt; asked: number };

/** A client of Microsoft Entra ID that may ask for tokens, and its role at the instance. */
export type Application = {
  clientId: string;
  tenant: string;
  role: 'contributor' | 'reader' | 'none';
  secrets: string[];
  /** PEM. */
  certificates: string[];
};

/** IDs are compared without regard to case. */
export function keyOf(id: string): string {
  return id.toLowerCase();
}
