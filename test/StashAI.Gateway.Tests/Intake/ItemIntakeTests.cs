using System.Text;
using System.Text.Json;
using StashAI.Gateway.Intake.Items;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Tests.Intake;

public sealed class ItemIntakeTests
{
    [Fact]
    public async Task Every_escape_form_of_base64_survives_every_pair_of_cuts()
    {
        byte[] expected = [0xFB, 0xEF, 0xBE, 0xFF, 0xFF, 0xFF, 1]; // ++++////AQ==
        var body = Encoding.UTF8.GetBytes("""{"images":["\u002b+\u002B\n+\/\u002f/\u002F \r\nAQ\u003D="],"n":1}""");
        for (var first = 0; first <= body.Length; first++)
        {
            for (var second = first; second <= body.Length; second++)
            {
                var sink = new RecordingSink();
                using var result = await Bodies.ReadAsync(Bodies.Cut(body, [first, second]), Bodies.Photos, sink);
                Assert.Equal(expected, Assert.Single(sink.Files).Bytes);
                Assert.Equal("""{"n":1}""", result.Root.GetRawText());
            }
        }
    }

    [Fact]
    public async Task A_data_url_prefix_is_reported_and_the_bytes_behind_it_decoded()
    {
        var sink = new RecordingSink();
        using var result = await Bodies.ReadAsync("""{"images":["data:image\/jpeg;base64,AQID","DATA:;base64,BA==","data"]}""", sink);
        Assert.Equal(["data:image/jpeg;base64,", "data:;base64,", null], sink.Files.Select(p => p.Prefix));
        Assert.Equal([[1, 2, 3], [4], Convert.FromBase64String("data")], sink.Files.Select(p => p.Bytes));
        Assert.Equal(["images[0]", "images[1]", "images[2]"], sink.Files.Select(p => p.Path));
    }

    [Theory]
    [InlineData("//x", new byte[] { 0xFF, 0xFC })]
    [InlineData("//x=", new byte[] { 0xFF, 0xFC })]
    [InlineData("/x", new byte[] { 0xFF })]
    [InlineData("/x==", new byte[] { 0xFF })]
    public async Task Bits_that_belong_to_no_byte_are_passed_over(string text, byte[] bytes)
    {
        var sink = new RecordingSink();
        using var result = await Bodies.ReadAsync($$"""{"image":"{{text}}"}""", sink);
        Assert.Equal(bytes, Assert.Single(sink.Files).Bytes);
    }

    [Theory]
    [InlineData("""{"image":"AQID","config":{"a":1}}""", """{"config":{"a":1}}""")]
    [InlineData("""{"config":{"a":1},"image":"AQID"}""", """{"config":{"a":1}}""")]
    [InlineData("""{"x":[1, {"y":2}],"image":"AQID","z":[]}""", """{"x":[1,{"y":2}],"z":[]}""")]
    [InlineData("""{"image":"AQID"}""", "{}")]
    [InlineData("""{"image":null,"image_data":7}""", """{"image":null,"image_data":7}""")]
    [InlineData("""{"image":{"image":"AQID"},"images":null}""", """{"image":{"image":"AQID"}}""")]
    [InlineData("""{"image_data":{"image_base64":"AQID"},"b":{"image":"AQID"}}""", """{"image_data":{},"b":{"image":"AQID"}}""")]
    [InlineData("""[{"image":"AQID"}]""", """[{"image":"AQID"}]""")]
    [InlineData(""" "image" """, "\"image\"")]
    [InlineData(" -1.5e3", "-1.5e3")]
    public async Task Only_payload_strings_at_the_places_of_the_shape_are_left_out(string body, string envelope)
    {
        using var result = await Bodies.ReadAsync(body, new RecordingSink());
        Assert.Equal(envelope, result.Root.GetRawText());
    }

    [Fact]
    public async Task A_byte_order_mark_is_tolerated()
    {
        using var result = await Bodies.ReadAsync(Bodies.Cut([0xEF, 0xBB, 0xBF, .. "{}"u8], [1, 2]), Bodies.Photos, new RecordingSink());
        Assert.Equal(JsonValueKind.Object, result.Root.ValueKind);
    }

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public async Task Nesting_ends_at_64(int depth, bool accepted)
    {
        var body = new string('[', depth) + new string(']', depth);
        if (accepted)
        {
            using var result = await Bodies.ReadAsync(body, new RecordingSink());
        }
        else
        {
            Assert.Contains("64", (await Bodies.RefusedAsync(body)).Reason, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("", "the body is empty")]
    [InlineData(" \n", "the body is empty")]
    [InlineData("""{"images":["AQ""", "the body ends before the document does")]
    [InlineData("""{"images":["AQID"]""", "the body ends before the document does")]
    [InlineData("{\n  \"a\": 1,\n  b: 2}", "line 3, byte 3 of the line, byte 15 of the body")]
    [InlineData("{\"images\":[\"AQ\nID\"]}", "control character byte 0x0A must be escaped")]
    [InlineData("""{"images":["AQ\ud83dID"]}""", "surrogate")]
    [InlineData("""{"a":01}""", "'1' is not expected here: a comma or } must follow")]
    [InlineData("""{"a":1,}""", "a name in double quotes must follow")]
    public async Task Malformed_json_is_a_400_that_tells_where(string body, string reason)
    {
        var error = await Bodies.RefusedAsync(body);
        Assert.Equal(400, error.Status);
        Assert.Contains(reason, error.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"images":[],"images":[]}""", "images")]
    [InlineData("""{"image":"AQID","im\u0061ge":null}""", "image")]
    [InlineData("""{"image_data":{"image_base64":"AQID"},"image_data":{}}""", "image_data")]
    [InlineData("""{"image_data":{"image_base64":"AQID","image_base64":"AQID"}}""", "image_data.image_base64")]
    public async Task A_payload_field_given_twice_is_refused(string body, string field)
    {
        var error = await Bodies.RefusedAsync(body);
        Assert.Equal((400, field), (error.Status, error.Field));
    }

    [Theory]
    [InlineData("""{"images":["AQID","AQID","AQ*D"]}""", "images[2]", "not base64 ('*' at character 3)")]
    [InlineData("""{"images":["A"]}""", "images[0]", "middle of a group")]
    [InlineData("""{"images":["AQI=="]}""", "images[0]", "middle of a group")]
    [InlineData("""{"images":["AQIDBA="]}""", "images[0]", "middle of a group")]
    [InlineData("""{"images":["AQ==ID"]}""", "images[0]", "behind its padding")]
    [InlineData("""{"images":["AQ==="]}""", "images[0]", "not base64 ('=' at character 5)")]
    [InlineData("""{"images":["AQé="]}""", "images[0]", "byte 0xC3")]
    [InlineData("""{"images":[""]}""", "images[0]", "is empty")]
    [InlineData("""{"images":["data:image/png;base64,"]}""", "images[0]", "is empty")]
    [InlineData("""{"images":["data:image/png,x"]}""", "images[0]", "data URL that is not base64")]
    [InlineData("""{"images":["data:image/png"]}""", "images[0]", "data URL without a comma")]
    [InlineData("""{"images":["AQID",{"image":"!"}]}""", "images[1].image", "not base64")]
    [InlineData("""{"images":["AQID"],"image":"AQID"}""", "image", "beside another item")]
    [InlineData("""{"image":"AQID","images":["AQID"]}""", "images", "beside another item")]
    [InlineData("""{"images":"AQID"}""", "images", "is not an array")]
    [InlineData("""{"images":{}}""", "images", "is not an array")]
    [InlineData("""{"image_data":{"image_base64":"!"}}""", "image_data.image_base64", "not base64")]
    public async Task An_unusable_payload_is_a_422_that_points_at_it(string body, string field, string reason)
    {
        var error = await Bodies.RefusedAsync(body);
        Assert.Equal((422, field), (error.Status, error.Field));
        Assert.Contains(reason, error.Reason, StringComparison.Ordinal);
        Assert.NotEmpty(error.WayOut);
    }

    [Fact]
    public async Task Every_limit_is_a_413_that_names_its_setting()
    {
        var body = """{"images":["AQID","AQIDBA=="],"config":{"name":"abcdefgh"}}""";
        Assert.Equal(("MAX_ITEMS", "images[1]"), Names(await Bodies.RefusedAsync(body, new IntakeLimits { MaxItems = 1 })));
        Assert.Equal(("MAX_ITEM_BYTES", "images[1]"), Names(await Bodies.RefusedAsync(body, new IntakeLimits { MaxItemBytes = 3 })));
        Assert.Equal(("MAX_BODY_BYTES", null), Names(await Bodies.RefusedAsync(body, new IntakeLimits { MaxBodyBytes = body.Length - 1 })));
        Assert.Equal(("MAX_ENVELOPE_BYTES", null), Names(await Bodies.RefusedAsync(body, new IntakeLimits { MaxEnvelopeBytes = 29 })));
        using var exact = await Bodies.ReadAsync(
            body,
            new RecordingSink(),
            new IntakeLimits { MaxItems = 2, MaxItemBytes = 4, MaxBodyBytes = body.Length, MaxEnvelopeBytes = 30 });
        Assert.Equal(JsonValueKind.Object, exact.Root.ValueKind);

        static (string?, string?) Names(IntakeException error)
        {
            Assert.Equal(413, error.Status);
            Assert.Contains(error.Setting!, error.WayOut, StringComparison.Ordinal);
            return (error.Setting, error.Field);
        }
    }

    [Fact]
    public async Task Items_that_are_no_files_come_whole_and_under_their_places()
    {
        var sink = new RecordingSink();
        using var result = await Bodies.ReadAsync(
            """{"images":[7,null,{"a":[1,{"image":"eA=="}],"image":"AQID","b":2},["AQID"],"BA==",-1.5],"config":{}}""", sink);
        Assert.Equal(
            [
                ("images[0]", "7"), ("images[1]", "null"), ("images[2]", """{"a":[1,{"image":"eA=="}],"b":2}"""),
                ("images[3]", """["AQID"]"""), ("images[4]", ""), ("images[5]", "-1.5"),
            ],
            sink.Items);
        Assert.Equal(
            [("images[2].image", "AQID"), ("images[4]", "BA==")],
            sink.Files.Select(file => (file.Path, Convert.ToBase64String(file.Bytes))));
        Assert.Equal("""{"config":{}}""", result.Root.GetRawText());
    }

    [Theory]
    [InlineData("""{"texts":["a"],"config":{"tags":[1]}}""", "texts[0]", null)]
    [InlineData("""{"items":["a"],"tags":[1]}""", "items[0]", "tags")]
    [InlineData("""{"tags":[1],"items":["a"]}""", "tags[0]", "items")]
    public async Task A_list_of_any_name_is_the_only_one(string body, string item, string? second)
    {
        var sink = new RecordingSink();
        var read = Bodies.ReadAsync(Bodies.Cut(Encoding.UTF8.GetBytes(body), []), new BodyShape { IsAnyList = true }, sink);
        if (second is null)
        {
            using var result = await read;
        }
        else
        {
            Assert.Equal(second, (await Assert.ThrowsAsync<IntakeException>(() => read)).Field);
        }

        Assert.Equal(item, sink.Items[0].Path);
    }
}
