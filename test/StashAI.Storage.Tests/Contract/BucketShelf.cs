using StashAI.Storage.Payloads.Objects;
using StashAI.Testing.Objects;

namespace StashAI.Storage.Tests.Contract;

/// <summary>Segments as objects of a scripted S3 server.</summary>
public sealed class BucketShelf(ScriptedS3 server) : ISegmentShelf
{
    private const string Prefix = "stash/queue/";

    public string Extension => ".obj";

    public IReadOnlyList<string> Names => [.. server.Objects.Keys.Select(key => key[Prefix.Length..]).Order(StringComparer.Ordinal)];

    public int Unfinished => server.Uploads;

    public string PathOf(string name) => $"s3://{ScriptedS3.Bucket}/{Prefix}{name}";

    public byte[] Read(string name) => server.Objects[Prefix + name];

    public void Write(string name, byte[] bytes) => server.Objects[Prefix + name] = bytes;

    public void Remove(string name) => server.Objects.Remove(Prefix + name);

    /// <summary>The bucket as a store uses it. Nothing is checked at its start.</summary>
    internal static SegmentBucket Connect(ScriptedS3 server, long rollSize, int partSize)
    {
        var address = S3Address.Parse(server.Payloads).Below("queue");
        var settings = new S3Settings(address, new S3Keys(ScriptedS3.KeyId, ScriptedS3.Secret, null));
        return new SegmentBucket(new BucketCalls(S3Clients.Create(settings), address), address)
        {
            RollSize = rollSize,
            PartSize = partSize,
        };
    }
}
