-- What a PIN is checked by says how dear a guess is: before the 32 bytes of scrypt stands the binary logarithm of its N, so that
-- N can grow with machines. All that were made until now have 2^17.
UPDATE operator SET verifier = CAST(x'11' || verifier AS BLOB) WHERE length(verifier) = 32;
UPDATE operator SET former_verifier = CAST(x'11' || former_verifier AS BLOB) WHERE length(former_verifier) = 32;
