using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace StashAI.Testing.Objects;

/// <summary>The objects of one bucket, and its uploads in parts.</summary>
internal sealed partial class S3Objects(string bucket, int minPart)
{
    /// <summary>Few, so that lists have several pages.</summary>
    private const int PageSize = 3;

    private readonly Lock door = new();
    private int uploads;

    public ConcurrentDictionary<string, byte[]> Stored { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, Upload> Uploads { get; } = [];

    public S3Answer Answer(S3Request request, bool takesRange)
    {
        lock (door)
        {
            if (request.Bucket != bucket) return S3Answer.Error(404, "NoSuchBucket");
            return (request.Method, request.Key.Length > 0) switch
            {
                ("GET", false) when request.Has("uploads") => ListUploads(request),
                ("GET", false) when request.Of("list-type") == "2" => List(request),
                ("PUT", true) when request.Has("partNumber") => PutPart(request),
                ("PUT", true) => Put(request.Key, request.Body),
                ("POST", true) when request.Has("uploads") => Begin(request.Key),
                ("POST", true) when request.Has("uploadId") => Complete(request),
                ("DELETE", true) when request.Has("uploadId") =>
                    Uploads.Remove(request.Of("uploadId")) ? new S3Answer(204, default) : S3Answer.Error(404, "NoSuchUpload"),
                ("DELETE", true) => Delete(request.Key),
                ("GET" or "HEAD", true) => Get(request, takesRange),
                _ => S3Answer.Error(501, "NotImplemented"),
            };
        }
    }

    private static string ETag(byte[] bytes) => $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..32]}\"";

    private S3Answer Put(string key, byte[] bytes)
    {
        Stored[key] = bytes;
        return new S3Answer(200, default, ("ETag", ETag(bytes)));
    }

    private S3Answer Delete(string key)
    {
        Stored.TryRemove(key, out _);
        return new S3Answer(204, default);
    }

    private S3Answer Get(S3Request request, bool takesRange)
    {
        if (!Stored.TryGetValue(request.Key, out var bytes)) return S3Answer.Error(404, "NoSuchKey");
        if (request.Method == "HEAD") return new S3Answer(200, default, ("ETag", ETag(bytes))) { Length = bytes.Length };
        var range = Range().Match(request.Headers.Range.ToString());
        if (!range.Success || !takesRange) return new S3Answer(200, bytes, ("ETag", ETag(bytes)));
        var from = int.Parse(range.Groups[1].Value, CultureInfo.InvariantCulture);
        if (from >= bytes.Length) return S3Answer.Error(416, "InvalidRange");
        var to = Math.Min(int.Parse(range.Groups[2].Value, CultureInfo.InvariantCulture), bytes.Length - 1);
        return new S3Answer(
            206, bytes.AsMemory(from..(to + 1)), ("ETag", ETag(bytes)), ("Content-Range", $"bytes {from}-{to}/{bytes.Length}"));
    }

    private S3Answer Begin(string key)
    {
        var id = (++uploads).ToString(CultureInfo.InvariantCulture);
        Uploads.Add(id, new Upload(key));
        return S3Answer.Xml(200, $"""
            <InitiateMultipartUploadResult><Bucket>{bucket}</Bucket><Key>{key}</Key><UploadId>{id}</UploadId></InitiateMultipartUploadResult>
            """);
    }

    private S3Answer PutPart(S3Request request)
    {
        if (!Uploads.TryGetValue(request.Of("uploadId"), out var upload) || upload.Key != request.Key)
            return S3Answer.Error(404, "NoSuchUpload");
        upload.Parts[int.Parse(request.Of("partNumber"), CultureInfo.InvariantCulture)] = request.Body;
        return new S3Answer(200, default, ("ETag", ETag(request.Body)));
    }

    /// <summary>The parts are named in ascending order with their ETags, and all but the last have a least size.</summary>
    private S3Answer Complete(S3Request request)
    {
        if (!Uploads.TryGetValue(request.Of("uploadId"), out var upload) || upload.Key != request.Key)
            return S3Answer.Error(404, "NoSuchUpload");
        using var body = new MemoryStream(request.Body);
        var named = XDocument.Load(body).Descendants().Where(one => one.Name.LocalName == "Part").Select(part => (
            Number: int.Parse(part.Elements().First(one => one.Name.LocalName == "PartNumber").Value, CultureInfo.InvariantCulture),
            Tag: part.Elements().First(one => one.Name.LocalName == "ETag").Value)).ToList();
        if (named.Zip(named.Skip(1)).Any(pair => pair.First.Number >= pair.Second.Number)) return S3Answer.Error(400, "InvalidPartOrder");
        if (named.Count == 0 || named.Any(one => upload.TagOf(one.Number) != one.Tag.Trim('"'))) return S3Answer.Error(400, "InvalidPart");
        if (named.SkipLast(1).Any(one => upload.Parts[one.Number].Length < minPart)) return S3Answer.Error(400, "EntityTooSmall");
        var whole = named.SelectMany(one => upload.Parts[one.Number]).ToArray();
        Uploads.Remove(request.Of("uploadId"));
        Put(upload.Key, whole);
        return S3Answer.Xml(200, $"""
            <CompleteMultipartUploadResult><Bucket>{bucket}</Bucket><Key>{upload.Key}</Key><ETag>x</ETag></CompleteMultipartUploadResult>
            """);
    }

    private S3Answer List(S3Request request)
    {
        var (prefix, after) = (request.Of("prefix"), request.Of("continuation-token"));
        var page = Stored.OrderBy(one => one.Key, StringComparer.Ordinal)
            .Where(one => one.Key.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(one.Key, after) > 0)
            .Take(PageSize + 1).ToList();
        var more = page.Count > PageSize;
        var rows = string.Concat(page.Take(PageSize).Select(
            one => $"<Contents><Key>{one.Key}</Key><Size>{one.Value.Length}</Size><LastModified>2031-05-01T12:00:00.000Z</LastModified></Contents>"));
        return S3Answer.Xml(200, $"""
            <ListBucketResult><Name>{bucket}</Name><Prefix>{prefix}</Prefix><KeyCount>{page.Count}</KeyCount><MaxKeys>{PageSize}</MaxKeys>
            <IsTruncated>{(more ? "true" : "false")}</IsTruncated>{rows}
            {(more ? $"<NextContinuationToken>{page[PageSize - 1].Key}</NextContinuationToken>" : "")}</ListBucketResult>
            """);
    }

    private S3Answer ListUploads(S3Request request)
    {
        var (prefix, key, id) = (request.Of("prefix"), request.Of("key-marker"), request.Of("upload-id-marker"));
        var page = Uploads.Select(one => (one.Value.Key, Id: one.Key)).Where(one => one.Key.StartsWith(prefix, StringComparison.Ordinal))
            .OrderBy(one => one.Key, StringComparer.Ordinal).ThenBy(one => one.Id, StringComparer.Ordinal)
            .Where(one => (string.CompareOrdinal(one.Key, key), string.CompareOrdinal(one.Id, id)) is ( > 0, _) or (0, > 0))
            .Take(PageSize + 1).ToList();
        var more = page.Count > PageSize;
        var rows = string.Concat(page.Take(PageSize).Select(one => $"<Upload><Key>{one.Key}</Key><UploadId>{one.Id}</UploadId></Upload>"));
        var last = page.ElementAtOrDefault(PageSize - 1);
        var next = more ? $"<NextKeyMarker>{last.Key}</NextKeyMarker><NextUploadIdMarker>{last.Id}</NextUploadIdMarker>" : "";
        return S3Answer.Xml(200, $"""
            <ListMultipartUploadsResult><Bucket>{bucket}</Bucket>{next}<IsTruncated>{(more ? "true" : "false")}</IsTruncated>{rows}
            </ListMultipartUploadsResult>
            """);
    }

    [GeneratedRegex("^bytes=([0-9]+)-([0-9]+)$")]
    private static partial Regex Range();

    internal sealed record Upload(string Key)
    {
        public Dictionary<int, byte[]> Parts { get; } = [];

        public string? TagOf(int number) => Parts.TryGetValue(number, out var part) ? ETag(part).Trim('"') : null;
    }
}
