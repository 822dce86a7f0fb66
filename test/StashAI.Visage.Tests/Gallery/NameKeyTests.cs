using System.Text;
using StashAI.Visage.Gallery;

namespace StashAI.Visage.Tests.Gallery;

/// <summary>
/// All spellings of a name have the same key. The tests run without ICU, like the program, so the expected keys are listed.
/// </summary>
public sealed class NameKeyTests
{
    [Theory]
    [InlineData("Jos\u00e9 Pe\u00f1a", "Jose\u0301 Pen\u0303a")]
    [InlineData("JOS\u00c9 PE\u00d1A", "jose\u0301 pen\u0303a")]
    [InlineData("\u00c5sa \u00d6berg", "A\u030asa O\u0308berg")]
    [InlineData("\u212bsa", "\u00e5sa")]
    [InlineData("Nguy\u1ec5n", "Nguye\u0302\u0303n")]
    [InlineData("Nguy\u1ec5n", "Nguy\u00ea\u0303n")]
    [InlineData("q\u0307\u0323", "q\u0323\u0307")]
    [InlineData("\ud55c\uae00", "\u1112\u1161\u11ab\u1100\u1173\u11af")]
    [InlineData("\u304c\u304e", "\u304b\u3099\u304d\u3099")]
    [InlineData("\u01f0an", "j\u030can")]
    [InlineData(" Jos\u00e9\u00a0 Pe\u00f1a\u3000", "Jos\u00e9 Pe\u00f1a")]
    [InlineData("\uff2aos\u00e9", "Jos\u00e9")]
    public void Two_spellings_have_one_key(string one, string other) => Assert.Equal(NameKey.Of(one), NameKey.Of(other));

    [Theory]
    [InlineData("Jos\u00e9", "Jose")]
    [InlineData("Anna Lee", "AnnaLee")]
    [InlineData("\u304c", "\u304b")]
    [InlineData("e\u0301\u0300", "e\u0300\u0301")]
    public void Different_names_have_different_keys(string one, string other) => Assert.NotEqual(NameKey.Of(one), NameKey.Of(other));

    [Fact]
    public void Every_text_has_a_key_and_a_key_is_its_own_key()
    {
        var random = new Random(47);
        for (var i = 0; i < 20_000; i++)
        {
            var text = new StringBuilder();
            for (var length = random.Next(1, 8); length > 0; length--)
                text.Append((char)random.Next(random.Next(3) switch { 0 => 0x80, 1 => 0x600, _ => 0x10000 }));
            var key = NameKey.Of(text.ToString());
            Assert.Equal(key, NameKey.Of(key));
        }
    }
}
