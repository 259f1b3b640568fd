// Group keys, registration IDs and device keys as Microsoft's documentation of DPS publishes them, each recomputed.
const toaster = 'oiK77Oy7rBw8YB6IS6ukRChAw+Yq6GC61RMrPLSTiOOtdI+XDu0LmLuNm11p+qv2I+adqGUdZHm46zXAQdZoOA==';
const simdevice = 'rLuyBPpIJ+hOre2SFIP9Ajvdty3j0EwSP/WvTVH9eZAw5HpDuEmf13nziHy5RRXmuTy84FCLpOnhhBPASSbHYg==';

export const hsmVectors = [
  {
    // concepts-symmetric-key-attestation.md
    groupKey: '8isrFI1sGsIlvvFSSFRiMfCNzv21fjbE/+ah/lSh3lF8e2YG1Te7w1KpZhJFFXJrqYKi9yegxkqIChbqOS9Egw==',
    registrationId: 'sn-007-888-abc-mac-a1-b2-c3-d4-e5-f6',
    deviceKey: 'Jsm0lyGpjaVYVP2g3FnmnmG9dI/9qU24wNoykUmermc=',
  },
  {
    // how-to-use-custom-allocation-policies.md, as the next one
    groupKey: toaster,
    registrationId: 'breakroom499-contoso-tstrsd-007',
    deviceKey: 'JC8F96eayuQwwz+PkE7IzjH2lIAjCUnAa61tDigBnSs=',
  },
  {
    groupKey: toaster,
    registrationId: 'mainbuilding167-contoso-hpsd-088',
    deviceKey: '6uejA9PfkQgmYylj8Zerp3kcbeVrGZ172YLa7VSnJzg=',
  },
  {
    // how-to-provision-multitenant.md, as the next one
    groupKey: simdevice,
    registrationId: 'contoso-simdevice-east',
    deviceKey: 'p3w2DQr9WqEGBLUSlFi1jPQ7UWQL4siAGy75HFTFbf8=',
  },
  {
    groupKey: simdevice,
    registrationId: 'contoso-simdevice-west',
    deviceKey: 'J5n4NY2GiBYy7Mp4lDDa5CbEe6zDU/c62rhjCuFWxnc=',
  },
] as const;

/** The same keys as scanned documents print them: what does not parse, and what parses but is another key. */
export const damagedGroupKeys = {
  unreadable: ['8isrFI1sGslvvFSSFRiMfCNzv21fjbE/+ah/lSh3lF8e2YG1Te7w1KpZhJFFXJrqYKi9yegxkqIChbqOS9Egw=='],
  anotherKey: [
    {
      groupKey: '8isrFI1sGsIlvvFSSFRiMfcNzv21fjbE/+ah/lSh31F8e2YG1Te7w1KpZhJFFXJrqYKi9yegxkqIChbqOS9Egw==',
      registrationId: 'sn-007-888-abc-mac-a1-b2-c3-d4-e5-f6',
      published: 'Jsm0lyGpjaVYVP2g3FnmnmG9dI/9qU24wNoykUmermc=',
      derives: 'miajKEzX/PUBB2K1qgn3H02LgJbotepAd554Me5BpCU=',
    },
    {
      groupKey: 'oiK77Oy7rBw8YB6IS6ukRChAw+Yq6GC61RMrPLSTi00tdI+XDu0LmLuNm11p+qv2I+adqGUdZHm46zXAQdZoOA==',
      registrationId: 'breakroom499-contoso-tstrsd-007',
      published: 'JC8F96eayuQwwz+PkE7IzjH2lIAjCUnAa61tDigBnSs=',
      derives: 'uso9xUmLjR84+2/sNcEVKBmsaJWNYNPAMV6mIBGSaWs=',
    },
    {
      groupKey: 'oiK770y7rBw8YB6IS6ukRChAw+Yq6GC61RMrPLSTi00tdI+XDu0LmLuNm11p+qv2I+adqGUdZHm46zXAQdZo0A==',
      registrationId: 'breakroom499-contoso-tstrsd-007',
      published: 'JC8F96eayuQwwz+PkE7IzjH2lIAjCUnAa61tDigBnSs=',
      derives: 'I5IElDG8g+/ufEG3EiI9+F3yt/e8OQUZNLzJC/MIs+k=',
    },
  ],
} as const;
