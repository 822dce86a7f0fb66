using StashAI.Storage.Payloads.Objects;

namespace StashAI.Storage.Tests.Objects;

/// <summary>Addresses of buckets.</summary>
public sealed class S3AddressTests
{
    [Theory]
    [InlineData("s3://photos?region=eu-central-1", "s3://photos", null, "eu-central-1")]
    [InlineData("s3://photos/a/b/?endpoint=https://minio:9000", "s3://photos/a/b", "https://minio:9000/", null)]
    [InlineData("s3://my.own/x?region=garage&endpoint=http%3A%2F%2F127.0.0.1%3A3900", "s3://my.own/x", "http://127.0.0.1:3900/", "garage")]
    public void An_address_is_read_and_written(string text, string name, string? endpoint, string? region)
    {
        var address = S3Address.Parse(text);

        Assert.Equal((name, endpoint, region), (address.Name, address.Endpoint?.AbsoluteUri, address.Region));
        Assert.Equal(address, S3Address.Parse(address.ToString()));
        Assert.Equal($"{name}/queue", address.Below("queue").Name);
    }

    [Theory]
    [InlineData("s3", "s3://")]
    [InlineData("S3://photos?region=x", "s3://")]
    [InlineData("s3://?region=x", "bucket")]
    [InlineData("s3://Photos?region=x", "bucket")]
    [InlineData("s3://photos", "region")]
    [InlineData("s3://photos/../x?region=x", "prefix")]
    [InlineData("s3://photos/a//b?region=x", "prefix")]
    [InlineData("s3://SECRET:SECRET@photos?region=x", "AWS_SECRET_ACCESS_KEY")]
    [InlineData("s3://photos?region=x&secret=SECRET", "AWS_SECRET_ACCESS_KEY")]
    [InlineData("s3://photos?region=x&SECRET", "AWS_SECRET_ACCESS_KEY")]
    [InlineData("s3://photos?region=x&region=y", "once")]
    [InlineData("s3://photos?region=EU SECRET", "region")]
    [InlineData("s3://photos?endpoint=http://SECRET:SECRET@host", "endpoint")]
    [InlineData("s3://photos?endpoint=http://host/SECRET", "endpoint")]
    [InlineData("s3://photos?endpoint=ftp://host", "endpoint")]
    [InlineData("s3://photos?endpoint=host", "endpoint")]
    public void What_is_wrong_is_said_and_nothing_of_it_repeated(string text, string named)
    {
        var error = Assert.Throws<FormatException>(() => S3Address.Parse(text));

        Assert.True(S3Address.IsMeant(text));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", error.Message.Replace("AWS_SECRET", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_are_never_printed()
    {
        var settings = new S3Settings(S3Address.Parse("s3://photos?region=x"), new S3Keys("ID-SECRET", "SECRET", "SECRET"));

        Assert.DoesNotContain("SECRET", settings.ToString(), StringComparison.Ordinal);
    }
}
