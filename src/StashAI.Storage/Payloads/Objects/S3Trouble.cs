using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;
using StashAI.Queue.Store;

namespace StashAI.Storage.Payloads.Objects;

/// <summary>What an error of an S3 server means. Its sentence has nothing that the server or the SDK says beyond codes.</summary>
/// <param name="Message">One sentence that says what is wrong and how to fix it, without secrets.</param>
/// <param name="IsSetting">True when only a change of the settings, or of rights at the server, helps.</param>
/// <param name="IsFull">True when the server has no room.</param>
internal sealed record S3Trouble(string Message, bool IsSetting, bool IsFull = false)
{
    /// <summary>Explains an error; null for one that is no error of a server, such as a fault of this program.</summary>
    public static S3Trouble? Of(Exception error, S3Address address) => error switch
    {
        AmazonServiceException { StatusCode: not 0 } answer => Of(answer, address),
        AmazonServiceException { InnerException: { } inner } when Of(inner, address) is { } trouble => trouble,
        AmazonClientException { InnerException: { } inner } when inner is not AmazonClientException && Of(inner, address) is { } trouble =>
            trouble,
        AmazonClientException => new(
            $"No key for {Place(address)} was found: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.", IsSetting: true),
        HttpRequestException { InnerException: SocketException socket } => Unreachable(address, Reason(socket)),
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } =>
            Unreachable(address, "no secure connection could be made; check the certificate of the server, or http and https"),
        HttpRequestException or IOException or SocketException => Unreachable(address, "the connection broke"),
        OperationCanceledException or TimeoutException => Unreachable(address, "it does not answer in time"),
        _ => null,
    };

    /// <summary>The error as the queue knows it.</summary>
    public PayloadFileException ToException(Exception inner) => new(Message, IsFull, inner);

    private static S3Trouble Of(AmazonServiceException answer, S3Address address) => answer.ErrorCode switch
    {
        "NoSuchBucket" => new($"There is no bucket {address.Bucket} at {Server(address)}: create it, or check PAYLOADS.", IsSetting: true),
        "InvalidAccessKeyId" or "SignatureDoesNotMatch" or "InvalidToken" or "ExpiredToken" or "TokenRefreshRequired" => new(
            $"{Server(address)} refuses the access key ({answer.ErrorCode}): check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and "
            + "AWS_SESSION_TOKEN.",
            IsSetting: true),
        "RequestTimeTooSkewed" => new(
            $"{Server(address)} refuses requests because its clock and the one of this machine differ: set them.", IsSetting: true),
        "PermanentRedirect" or "AuthorizationHeaderMalformed" or "IllegalLocationConstraintException" or "MovedPermanently" => new(
            $"{Place(address)} is in another region ({answer.ErrorCode}): set region= in PAYLOADS.", IsSetting: true),
        "QuotaExceeded" or "XMinioStorageFull" or "XMinioAdminBucketQuotaExceeded" => Full(address),
        _ when answer.StatusCode == HttpStatusCode.InsufficientStorage => Full(address),
        _ when answer.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized => new(
            $"The key may not use {Place(address)} ({Code(answer)}): permit it to list the bucket, to read, write and remove objects, and "
            + "to list and abort uploads in parts.",
            IsSetting: true),
        _ when (int)answer.StatusCode is >= 300 and < 400 => new(
            $"{Server(address)} redirects to another server ({Code(answer)}): set region= or endpoint= in PAYLOADS.", IsSetting: true),
        _ => new($"{Server(address)} answers with {Code(answer)} for {address.Name}: check the server.", IsSetting: false),
    };

    private static S3Trouble Full(S3Address address) =>
        new($"{Place(address)} has no room: free some space, or raise its quota.", IsSetting: false, IsFull: true);

    private static S3Trouble Unreachable(S3Address address, string why) =>
        new(
            $"{Server(address)} cannot be reached for {address.Name} ({why}): start it, or check PAYLOADS and the network.",
            IsSetting: false);

    private static string Reason(SocketException error) => error.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "the connection was refused",
        SocketError.HostNotFound or SocketError.NoData => "its name is not known",
        _ => "the connection broke",
    };

    /// <summary>The status, and the code if it looks like one.</summary>
    private static string Code(AmazonServiceException answer) =>
        answer.ErrorCode is { Length: > 0 and < 60 } code && code.All(char.IsAsciiLetterOrDigit) && !int.TryParse(code, out _)
            ? $"{(int)answer.StatusCode} {code}" : $"{(int)answer.StatusCode}";

    private static string Place(S3Address address) => $"{address.Name} at {Server(address)}";

    private static string Server(S3Address address) => address.Endpoint?.GetLeftPart(UriPartial.Authority) ?? $"S3 in {address.Region}";
}
