using System.Security.Cryptography;
using System.Text;
using StashAI.Storage.Migrations;

namespace StashAI.Storage.Tests.Migrations;

/// <summary>
/// A migration that was merged never changes: a database that has it already would keep the old schema without a word. Add a new one, and
/// its hash here.
/// </summary>
public sealed class MigrationHashTests
{
    private static readonly Dictionary<string, string> Hashes = new()
    {
        ["Sqlite/0001_queue.sql"] = "0f1ac42d921f577114ddb317d3590bb2e6a29d9e308d4bba01c4c56cec406884",
        ["Sqlite/0002_crashes.sql"] = "b9026ac859ca6030495595bcc785aa34f1d3e438ed96a2d049c6d5b1bdbb10b5",
        ["Sqlite/0004_measures_and_sessions.sql"] = "c62351a8e94d5b2915cb11be3c3e1911d5711ec0414abc090e8298ba92b88195",
        ["Sqlite/0005_api_keys.sql"] = "7553d97dd874e25679bc0262932c0abbf3df1ef4a4205494bf389a83f550771a",
        ["Sqlite/0007_tickets.sql"] = "f54485e73401fdbc2be0e67d006ee2d48c2b1c2493ceb0400bf7b7ac1c7cc796",
        ["Sqlite/0011_clock_and_breaks.sql"] = "b2050f637d5026f3e07267039aaf1b20c3afbf9c1ab6373f0b7920f3cf1392c5",
        ["Sqlite/0012_groups_and_previews.sql"] = "c6f755b779f61d897dabfcb9a8a6939dcd9eadd2e21f160101d15aa5bd7462eb",
        ["Sqlite/0013_job_searches.sql"] = "dd9d72e25f7be24acd09be918d55d070525f70cdd027f3104c94d37934516cd6",
        ["Sqlite/0014_labels_and_lists.sql"] = "3342c9c23952fe0720583a6808cfd7bc013803d8eae311d566bab5c787616949",
        ["Sqlite/0015_failure_groups.sql"] = "05d0ac723a181809c2a3467fb89d3fa43b2ee687fd667b147cc78ceb2f43c7d2",
        ["Sqlite/0016_people.sql"] = "84dd5a6b7642b7fff27aa512e384b381e4c474baccec5b1e35f4597dc1d6c313",
        ["Sqlite/0017_limits_and_series.sql"] = "03eb3a819038458ee7c96fb0ebf07d787a77c913b206dc669417ce0bb391fc9b",
        ["Sqlite/0018_reruns.sql"] = "6f08ee0aca6b878e8152dd2a590baa7817ae69a59aac736d04111961abb4e190",
        ["Sqlite/0019_logins.sql"] = "2e0b36858ff48b798252520ac6415cc0a7d1f184cda8e2a0017c77463fb23d51",
        ["Sqlite/0020_schedules.sql"] = "bad54e83026a54db41c682fff3083d8464dfcba456b3270a2119b5bd7453d092",
        ["Sqlite/0021_uploads.sql"] = "acd60cf1c3adce8ceb386e402f228c74d1e16db5df6c25e28a2f97b1675ba296",
        ["Sqlite/0022_timelines.sql"] = "a6012c9f9a6235a07ca63014b027555c6ecd7b1c52ce9fefcf9f021e71d9cc7f",
        ["Sqlite/0024_item_names.sql"] = "244bb9836409e5e05b38f2efe6332e7ff34a2c5e43aaeb25cbd2c30c7bca1ceb",
        ["Sqlite/0025_rematches.sql"] = "acf579d52183415b000083ee8d6f91cd82ed7ff6a9f78a3141fef234df43706a",
        ["Sqlite/0026_subjects.sql"] = "ad20955f4101fb6afc233817af39bbb6df1f2ef2ace9127fc3151e4d08b8369f",
        ["Sqlite/0027_erasures.sql"] = "d7eeda845797b1e47b04dc5b02e7acbc95ebde3d62763f257d4bd2bf66f64f77",
        ["Sqlite/0028_clusters.sql"] = "a8fea6b960dd490e4ef2ff5aa826b8547df3085f3c8a3d09439eacd811fe5c6b",
        ["Sqlite/0029_payload_files.sql"] = "e83aeac0eaa652ab7077dffc968886e6b55c5194733ea3dccf39d2a1ef040d5f",
        ["Sqlite/0030_figures.sql"] = "a2fdd7047194a685b758ffdc1a7bd8fdfe0d207fa39914f591f4f1ecff3e4314",
        ["Sqlite/0035_client_files.sql"] = "57534233fe5a51f8941e6bf1db347e0d99bc3f63ceb6a365825d30359b2a3d9a",
        ["Sqlite/0036_large_inputs.sql"] = "61634a536ec894776b242b94e696ab68aa2e7740e4946d0577d1338b7d821cf3",
        ["Sqlite/0037_webhooks.sql"] = "c46fb274fc2453ed42654ddb49b49303bb4ba4fbf9ee193ce6356796e361d490",
        ["Sqlite/0038_known_results.sql"] = "0c874d9776bf2cd5ae351af2ffc0af4906e6fcea2a9af4bc3028477e0649db33",
        ["Sqlite/0039_message_batches.sql"] = "77107221023e86280def86580781e9be9452dbf628511672637495ae993ac37b",
        ["Sqlite/0040_client_uploads.sql"] = "d7354a8f8111c32b199e057c4b80b219d3e5aa1f2413445d27ef462c76a46a4e",
        ["Sqlite/0041_judgements.sql"] = "9031893b86813d1f6f8b58c141962a62f432903010a64bbc6e503716d8d3ae24",
        ["Sqlite/0042_ends_and_waits.sql"] = "170ef4c96e3f7a0f87fbc3fc6dd09bc3d1da762349d9ee47cce660e2c5f8a358",
        ["Sqlite/0043_costs.sql"] = "3059b03df45d1b1f60688bf5229ab6f19cf4a1f06fc0f2d8021c6d3555d90e62",
        ["Sqlite/0044_line_orders.sql"] = "bc4dfc9a87a2397eb3a90ac1593ef0bd776c0d74cb3bd8122c441bbbc5f0c5fb",
        ["Sqlite/0045_objects.sql"] = "73306394711ea0d46290272f484395aeccad7547eff7705e784d5d5fa3252917",
        ["Sqlite/0046_upload_ends.sql"] = "a2f1420e5072003daecfeccca9543022dd4c053fdcbd6bba87d4890cb0f65294",
        ["Sqlite/0047_backups_and_photo_counts.sql"] = "3ad3aee1078a04986d1a74093e7677f6829390d1bbc529089a51f7d6072135d0",
        ["Sqlite/0048_checksums.sql"] = "6abdd5a84e8522ec0bf6d0d9c30c8a345d76b712285f503caa9ac37224742ee5",
        ["Sqlite/0052_pause_ends.sql"] = "44b344d4409f9b7f90950f2690f4c8e6e70032b5c7c91b939ec5a4d99af2e7d6",
        ["Postgres/0001_queue.sql"] = "8c8b7877ed91c9848fa25e2e1fde848d5eec873405ee98cc25c122e62ea59ffb",
        ["Postgres/0002_crashes.sql"] = "f53e7929409ee503736e9a3fe6c1f90883406902ef3d01fd81d591255a645808",
        ["Postgres/0004_measures_and_sessions.sql"] = "6ffaa14120e6cd4d665aa01dfe15f7f86cd02866e5d0981cadf8f663500426d5",
        ["Postgres/0005_api_keys.sql"] = "c14b658678a6454da11a331f8a6784700bc4b63d268e1adae610374ee92364f4",
        ["Postgres/0007_tickets.sql"] = "98d231ff97716e8642c2993fd5f5ce02206470f56388ec094160b4cfad7bf24e",
        ["Postgres/0011_clock_and_breaks.sql"] = "201ba399368c9686e65e59c93e09b408bd63864b9afa9cbe8f676c299dbb1d46",
        ["Postgres/0012_groups_and_previews.sql"] = "be51c7d1a612ce7752f55b6c661dcd7ded0291375639263e0e4ffbee654dfc3b",
        ["Postgres/0013_job_searches.sql"] = "dd9d72e25f7be24acd09be918d55d070525f70cdd027f3104c94d37934516cd6",
        ["Postgres/0014_labels_and_lists.sql"] = "02ccfffcc0d4126e9eae06b3ece93cf47169d9791928eaf79d80085ad0de2955",
        ["Postgres/0015_failure_groups.sql"] = "8a0afa49c99635788ad90a93fd8376bfc155d25a74c50c0185a4e503ea3f66d0",
        ["Postgres/0016_people.sql"] = "1e552b04fba6382ff77b303178c558cb6060ca852de95aa0de3b1b51b0392daf",
        ["Postgres/0017_limits_and_series.sql"] = "73dc516cfb8de9d96b9dde5a95522fb05205d7e4647f993918e9d64b3fd5b8dc",
        ["Postgres/0018_reruns.sql"] = "33f460b56fc476a9b285f60a87e35373583bc626706116adc69e4a4c9f29a695",
        ["Postgres/0019_logins.sql"] = "fc4c7732095cc42059c736fe1a55675b5cd9834b07e700d4e46b5a5ab0721605",
        ["Postgres/0020_schedules.sql"] = "38e2951c2dbe970ed4c57b16fc60bfbbbdb9ad25f687a6a50904d1447bdb9c9e",
        ["Postgres/0021_uploads.sql"] = "e9eff68c403795bce5969ecf0dcc81a2388cdaf2447016f3172462ce0a41a04a",
        ["Postgres/0022_timelines.sql"] = "ecde7bdfa4a2d9b45d600982bcbe9785671df367ffe4d2bc351c4919d50864c7",
        ["Postgres/0024_item_names.sql"] = "ce56e91d8723846b76c086254eee3223dfcdcedab20df1350fe233bae0010b47",
        ["Postgres/0025_rematches.sql"] = "e65e65c04b3ce4ca822e8416f68062cfedc86271d90585198b0ea40437943cd6",
        ["Postgres/0026_subjects.sql"] = "4d9a0ab14945ef0d3d9db04fd8d8cd14002c36233c6db3c58e35f01b9b5f164d",
        ["Postgres/0027_erasures.sql"] = "0ff24b5793dfe310c908f88eb8cf87c72e693853d23a6579a02a75369f388158",
        ["Postgres/0028_clusters.sql"] = "4048e784f27ac59411da7986e4f8c525c839e38a02088075a4c3761753a1c6a7",
        ["Postgres/0029_payload_files.sql"] = "ef75fb6208f0b56bc1210493dd191af6e7ff13d925f06b38a6ea5376b0833ee5",
        ["Postgres/0030_figures.sql"] = "8360b522d7873d625b8300f09e667db8dd0ced6167a1525e34893a51ed3bc999",
        ["Postgres/0035_client_files.sql"] = "04e023054e1d74b133c7dde2fe44896f35ba08a50c04a42c8bcaa604c4efa12e",
        ["Postgres/0036_large_inputs.sql"] = "2f1eb3989f33733c352d46dd839ec4f77b1003e0a1b5c9ac5179c93b38064e08",
        ["Postgres/0037_webhooks.sql"] = "8eb2c2e00d022c991fa8d5c45c7477d443d0a3395413542e3385ca1953d04f88",
        ["Postgres/0038_known_results.sql"] = "94c3c4bfeff30bbdc7f3676d36c66441765d6c44c36d2edfeac0183f65fffcf8",
        ["Postgres/0039_message_batches.sql"] = "2a020022ce81f12821a5da46575fbc58d2b672f57b571f3809273c57f486c40a",
        ["Postgres/0040_client_uploads.sql"] = "28ededda71e109868107f32409d5dfbb033f2d99ab71e94ff80eb4d44c6a8caa",
        ["Postgres/0041_judgements.sql"] = "94a4c1eec89925d3a54b43c98fc48958d3b01d512e46691c7689122b756f4bcf",
        ["Postgres/0042_ends_and_waits.sql"] = "d51df45b1ebdb434380e13fc75e5156991784f25c1712c8a6680d77fce14b820",
        ["Postgres/0043_costs.sql"] = "993cf2a9563e4e31c30ec1474aaef0d35e8d9e8fa9a90ea1a619c2852b16d90a",
        ["Postgres/0044_line_orders.sql"] = "f6fa26dd60c3ba5371361be13609cf4866e89eee62dc8e081a13c721d789a021",
        ["Postgres/0045_objects.sql"] = "e97dabcaf6608f36a3e24327eece4d8407165886e22d82bdad476f8f003f8c2f",
        ["Postgres/0046_upload_ends.sql"] = "a4651d6cca31412aa652cc39198bb24632fd0d964103cc07272950f7d0c275f8",
        ["Postgres/0047_backups_and_photo_counts.sql"] = "1312f66e8bd7c86a9ecda2e176ebf7fe5709e4d52e2871d8ecf7a292d300a43d",
        ["Postgres/0048_checksums.sql"] = "34ca5d8a29b4da6fa26ae7409b641e4a3ed3d2cc1470d3edf020bdf5f61e564e",
        ["Postgres/0052_pause_ends.sql"] = "69f2bb6f56f853f10914d4f2e290d4b291a65725b2e4692337843e43cac56f07",
    };

    [Fact]
    public void Merged_migrations_are_as_they_were()
    {
        var found = MigrationScripts.Sqlite.Select(script => ("Sqlite", script))
            .Concat(MigrationScripts.Postgres.Select(script => ("Postgres", script)))
            .ToDictionary(
                one => $"{one.Item1}/{MigrationScripts.ShortName(one.script.Name)}",
                one => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(one.script.Contents.ReplaceLineEndings("\n")))));
        foreach (var (name, hash) in Hashes) Assert.Equal(hash, found.GetValueOrDefault(name));
        Assert.Equal(Hashes.Keys.Order(StringComparer.Ordinal), found.Keys.Order(StringComparer.Ordinal));
    }
}
