using System.Text;
using StashAI.Adapters.Http.Templates;

namespace StashAI.Gateway.Tests.Services;

public sealed class FileKindTests
{
    [Theory]
    [InlineData("heic", "image/heic")]
    [InlineData("heix", "image/heic")]
    [InlineData("mif1", "image/heif")]
    [InlineData("msf1", "image/heif-sequence")]
    [InlineData("avif", "image/avif")]
    [InlineData("avis", "image/avif")]
    [InlineData("M4A ", "audio/mp4")]
    [InlineData("M4B ", "audio/mp4")]
    [InlineData("qt  ", "video/quicktime")]
    [InlineData("3gp4", "video/3gpp")]
    [InlineData("3g2a", "video/3gpp2")]
    [InlineData("isom", "video/mp4")]
    [InlineData("mp42", "video/mp4")]
    [InlineData("zzzz", "application/octet-stream")]
    public void The_brand_of_a_container_tells_its_kind(string brand, string type) =>
        Assert.Equal(type, FileKind.ContentType([0, 0, 0, 0x1C, .. "ftyp"u8, .. Encoding.ASCII.GetBytes(brand), 0, 0, 0, 0]));

    [Theory]
    [InlineData("II*\0\u0008\0\0\0CR\u0002", "image/x-canon-cr2")]
    [InlineData("IIRO\u0008\0\0\0", "image/x-olympus-orf")]
    [InlineData("MMOR\0\0\0\u0008", "image/x-olympus-orf")]
    [InlineData("IIU\0\u0018\0\0\0", "image/x-panasonic-rw2")]
    [InlineData("FUJIFILMCCD-RAW ", "image/x-fuji-raf")]
    [InlineData("II*\0\u0008\0\0\0", "image/tiff")]
    [InlineData("MM\0+\0\u0008\0\0", "image/tiff")]
    public void The_first_bytes_tell_the_files_of_cameras_from_TIFF(string head, string type) =>
        Assert.Equal(type, FileKind.ContentType(Encoding.Latin1.GetBytes(head)));

    [Theory]
    [InlineData("audio/x-m4a", ".m4a")]
    [InlineData("audio/vnd.wave", ".wav")]
    [InlineData("video/quicktime", ".mov")]
    [InlineData("image/svg+xml", ".svg")]
    [InlineData("text/plain; charset=utf-8", ".txt")]
    [InlineData("audio/webm;codecs=opus", ".webm")]
    [InlineData("application/vnd.some.thing+json", ".bin")]
    [InlineData("image/x-canon-cr3", ".cr3")]
    [InlineData("image/heic", ".heic")]
    [InlineData("image/x-unknown-raw", ".bin")]
    [InlineData("application/octet-stream", ".bin")]
    [InlineData("audio/ac3", ".ac3")]
    public void An_extension_is_a_real_one(string type, string extension) => Assert.Equal(extension, FileKind.Extension(type));

    [Theory]
    [InlineData(null, "image/png")]
    [InlineData("binary/octet-stream", "image/png")]
    [InlineData("application/octet-stream; charset=utf-8", "image/png")]
    [InlineData("text/plain", "image/png")]
    [InlineData("image/jpeg", "image/jpeg")]
    public void A_generic_type_is_looked_through(string? given, string type) =>
        Assert.Equal(type, FileKind.ContentType(given, [0x89, .. "PNG"u8]));

    [Theory]
    [InlineData("image/jpeg", "image/png")]
    [InlineData("image/jpg", "image/png")]
    [InlineData(null, "image/png")]
    public void A_servers_type_is_believed_less_than_clear_bytes(string? given, string type) =>
        Assert.Equal(type, FileKind.FetchedType(given, [0x89, .. "PNG"u8]));

    [Fact]
    public void A_container_is_believed_less_than_a_servers_type() =>
        Assert.Equal("audio/webm", FileKind.FetchedType("audio/webm", [0x1A, 0x45, 0xDF, 0xA3]));

    [Theory]
    [InlineData("memo.m4a", "memo.m4a")]
    [InlineData("/a/b\\c.png", "c.png")]
    [InlineData("a\r\nb\".png", "ab.png")]
    [InlineData("ü😀;,=%.jpg", "ü😀;,=%.jpg")]
    [InlineData("..", null)]
    [InlineData("", null)]
    public void A_name_survives_the_prefix_of_a_data_url(string name, string? read) =>
        Assert.Equal(read, DataUrlName.Read(DataUrlName.Prefix("a/b", name)));
}
