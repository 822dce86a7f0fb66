using CsCheck;
using StashAI.Adapters.Http.Reading;

namespace StashAI.Gateway.Tests.Services;

/// <summary>What a declaration takes from the server's machine is found in any text, also where the library for YAML breaks.</summary>
public sealed class DeclarationReferencesTests
{
    private static readonly Gen<string> Piece = Gen.OneOf(
        "${NAME}", "${file:/run/secret}", "${OTHER:-x}", "env: HOME\n", "a: b\n", "- ", "{", "}", "[", "]", "{-B: a,b;c=d", ": ", "\n",
        "\n  ", "\"", "'", "&a ", "*a", "|\n", ">", "%", "@", "`", "?", "!", "#", ",", "\t", "...\n", "---\n", "\\", "é", "\uD800");

    [Fact]
    public void Variables_and_files_are_found_in_values_as_YAML_reads_them()
    {
        const string text = """
            url: ${BASE:-http://127.0.0.1:1}
            headers:
              Authorization: "Bearer ${\x46ILE}"
              X: ${file:/run/secret}
            config:
              key: {type: secret, env: KEY}
            # ${COMMENT}
            """;

        Assert.Equal(["BASE", "FILE", "KEY", "file:/run/secret"], DeclarationReferences.Of(text).Order(StringComparer.Ordinal));
    }

    /// <summary>The library says of such texts only that its state is not valid, and not that they are not YAML.</summary>
    [Theory]
    [InlineData("url: ${ONE}\nheaders:\n  X: a\n{-B: a,b;c=d\nmore: ${TWO}")]
    [InlineData("url: ${ONE}\nheaders: {-B: a,b;c=d\n  more: ${TWO}")]
    [InlineData("url: ${ONE}\nheaders: !!]]\nmore: ${TWO}")]
    [InlineData("url: ${ONE}\nheaders:\n  {-B: a,b;c=d: x\n  more: ${TWO}")]
    public void A_text_that_is_not_YAML_has_those_before_its_error(string text) =>
        Assert.Contains("ONE", DeclarationReferences.Of(text));

    [Fact]
    public void A_text_at_which_only_the_tree_of_its_nodes_breaks_is_refused_with_its_place() =>
        Assert.Contains("This is not YAML", Assert.Single(DeclarationReader.Read("\t, : , ,").Errors).Message, StringComparison.Ordinal);

    /// <summary>The library throws whatever comes to it, as for a tag that is no address.</summary>
    [Fact]
    public void No_text_is_an_exception() => Piece.Array[0, 12].Sample(
        pieces =>
        {
            var text = string.Concat(pieces);
            Assert.NotNull(DeclarationReferences.Of(text));
            Assert.NotEmpty(DeclarationReader.Read(text).Errors);
        },
        iter: 20_000);
}
