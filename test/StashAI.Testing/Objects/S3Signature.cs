using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace StashAI.Testing.Objects;

/// <summary>Checks signatures of version 4, computed from what AWS documents and not with its SDK.</summary>
internal static partial class S3Signature
{
    /// <summary>Refuses a request that the key did not sign, or whose bytes are not those that were signed; null for a good one.</summary>
    public static S3Answer? Refuse(S3Request request, string keyId, string secret)
    {
        var match = Authorization().Match(request.Headers.Authorization.ToString());
        if (!match.Success) return S3Answer.Error(403, "AccessDenied");
        if (match.Groups["id"].Value != keyId) return S3Answer.Error(403, "InvalidAccessKeyId");
        if (match.Groups["region"].Value != "us-east-1") return S3Answer.Error(400, "AuthorizationHeaderMalformed");
        var content = request.Headers["x-amz-content-sha256"].ToString();
        if (content != Hex(SHA256.HashData(request.Body))) return S3Answer.Error(400, "XAmzContentSHA256Mismatch");
        var date = request.Headers["x-amz-date"].ToString();
        var headers = match.Groups["headers"].Value.Split(';');
        var canonical = string.Join(
            '\n',
            request.Method, request.Path,
            string.Join('&', request.Query.OrderBy(one => one.Name, StringComparer.Ordinal).Select(one => $"{one.Name}={one.Value}")),
            string.Concat(headers.Select(name => $"{name}:{Regex.Replace(request.Headers[name].ToString().Trim(), " +", " ")}\n")),
            match.Groups["headers"].Value, content);
        var scope = $"{match.Groups["date"].Value}/us-east-1/s3/aws4_request";
        var text = $"AWS4-HMAC-SHA256\n{date}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var key = Encoding.UTF8.GetBytes("AWS4" + secret);
        foreach (var part in scope.Split('/')) key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        return Hex(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text))) == match.Groups["signature"].Value
            && date.StartsWith(match.Groups["date"].Value, StringComparison.Ordinal)
            && headers.Contains("host") && headers.Contains("x-amz-content-sha256") && headers.Contains("x-amz-date")
            ? null : S3Answer.Error(403, "SignatureDoesNotMatch");
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);

    [GeneratedRegex(
        "^AWS4-HMAC-SHA256 Credential=(?<id>[^/]+)/(?<date>[0-9]{8})/(?<region>[^/]+)/s3/aws4_request, ?"
        + "SignedHeaders=(?<headers>[^,]+), ?Signature=(?<signature>[0-9a-f]{64})$")]
    private static partial Regex Authorization();
}
