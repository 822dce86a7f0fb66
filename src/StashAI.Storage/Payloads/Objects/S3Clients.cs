using Amazon;
using Amazon.Runtime;
using Amazon.S3;

namespace StashAI.Storage.Payloads.Objects;

/// <summary>Makes clients of S3 servers.</summary>
internal static class S3Clients
{
    /// <summary>For one request with at most one part; a request that failed for the server's sake is repeated twice.</summary>
    public static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    public static AmazonS3Client Create(S3Settings settings)
    {
        var address = settings.Address;
        var config = new AmazonS3Config
        {
            Timeout = RequestTimeout,
            MaxErrorRetry = 2,
            RetryMode = RequestRetryMode.Standard,
            // Each request is signed with the SHA-256 of its bytes, and not all servers know further checksums.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            HttpClientFactory = new Connections(),
        };
        if (address.Endpoint is { } endpoint)
        {
            config.ServiceURL = endpoint.GetLeftPart(UriPartial.Authority);
            config.ForcePathStyle = true;
            config.AuthenticationRegion = address.Region ?? "us-east-1";
        }
        else
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(address.Region);
        }

        return settings.Keys switch
        {
            null => new AmazonS3Client(config),
            { SessionToken: { } token } keys => new AmazonS3Client(new SessionAWSCredentials(keys.Id, keys.Secret, token), config),
            { } keys => new AmazonS3Client(new BasicAWSCredentials(keys.Id, keys.Secret), config),
        };
    }

    /// <summary>Connections of one client, which follow no redirect: it would take a signature to another server.</summary>
    private sealed class Connections : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(new SocketsHttpHandler
        {
            ConnectTimeout = ConnectTimeout,
            UseProxy = false,
            AllowAutoRedirect = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        })
        {
            Timeout = RequestTimeout,
        };

        public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

        public override string GetConfigUniqueString(IClientConfig clientConfig) => null!;
    }
}
