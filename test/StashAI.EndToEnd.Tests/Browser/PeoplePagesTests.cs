using System.Text.RegularExpressions;
using Microsoft.Playwright;
using StashAI.EndToEnd.Tests.Demo;
using StashAI.Testing.Postgres;

namespace StashAI.EndToEnd.Tests.Browser;

/// <summary>The pages of people and the view of faces, with the real models, in a real browser.</summary>
public sealed partial class PeoplePagesTests(Chromium chromium, RealFiles files, PostgresFixture postgres)
{
    private const string Name = "Dee Park";

    [Theory]
    [InlineData(ColorScheme.Light, 1440, false)]
    [InlineData(ColorScheme.Dark, 390, true)]
    public async Task The_threshold_slider_changes_matches_without_a_call_and_can_be_kept(ColorScheme scheme, int width, bool isOnPostgres)
    {
        await using var browser = await chromium.OpenAsync(scheme, width);
        await using var party = await StartAsync(isOnPostgres);
        await party.EnrolAsync(Name);
        var page = browser.Page;
        await page.GotoAsync(party.Results);
        await Matched(page, 2);
        await Axe.AssertNothingFoundAsync(page);
        await AssertFitsAsync(page);
        await browser.PictureAsync($"faces-{width}-{scheme}");
        var stored = await party.ReadResultsAsync();
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        var before = CallsOf(browser);

        var slider = page.GetByRole(AriaRole.Slider);
        await slider.FocusAsync();
        await page.Keyboard.PressAsync("End");
        await Matched(page, 1);
        await page.Keyboard.PressAsync("Home");
        await Matched(page, 2);
        await page.Keyboard.PressAsync("End");
        await Matched(page, 1);
        await page.WaitForURLAsync("**least=0.950**");

        Assert.Equal(before, CallsOf(browser));
        Assert.Equal(stored, await party.ReadResultsAsync());
        await page.GetByRole(AriaRole.Button, new() { NameRegex = JudgeAgain() }).ClickAsync();
        await Assertions.Expect(page.GetByText(OneChanged())).ToBeVisibleAsync();
        await Matched(page, 1);
        await page.ReloadAsync();
        await Matched(page, 1);
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1440)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task The_table_has_a_row_for_each_face_and_its_acts(ColorScheme scheme, int width)
    {
        await using var browser = await chromium.OpenAsync(scheme, width);
        await using var party = await PartyServer.StartAsync(files);
        var page = browser.Page;
        await page.GotoAsync(party.Results);
        await page.GetByLabel("Show as").First.SelectOptionAsync("table");
        var table = page.GetByRole(AriaRole.Grid, new() { Name = "Faces" });
        await Assertions.Expect(table.GetByText("unknown").First).ToBeVisibleAsync();
        // A job that was never judged again is no error.
        Assert.Empty(browser.Complaints);
        await party.EnrolAsync(Name);
        await page.ReloadAsync();
        var known = table.GetByRole(AriaRole.Row).Filter(new() { Has = page.GetByRole(AriaRole.Link, new() { Name = Name }) });
        await Assertions.Expect(known).ToHaveCountAsync(2);
        await Assertions.Expect(known.First).ToContainTextAsync("%");
        await Axe.AssertNothingFoundAsync(page);
        await AssertFitsAsync(page);
        await browser.PictureAsync($"faces-table-{width}-{scheme}");

        await known.Last.GetByRole(AriaRole.Button, new() { Name = $"Not {Name}" }).ClickAsync();

        await Assertions.Expect(known).ToHaveCountAsync(1);
        Assert.Empty(browser.Complaints);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_group_of_unknown_faces_is_named_once_and_every_result_knows_the_name(bool isOnPostgres)
    {
        await using var browser = await chromium.OpenAsync(width: 1440);
        await using var party = await StartAsync(isOnPostgres);
        var page = browser.Page;
        await page.GotoAsync(party.Results);
        await Matched(page, 0);
        await page.GetByRole(AriaRole.Link, new() { Name = "Name unknown faces" }).ClickAsync();

        await page.GetByLabel("Smallest group").FillAsync("3");
        await Button(page, "Group unknown faces").ClickAsync();
        await Assertions.Expect(page.GetByText("Nobody unknown appears often enough")).ToBeVisibleAsync();
        await Axe.AssertNothingFoundAsync(page);
        await Button(page, "Show single faces").ClickAsync();
        await Assertions.Expect(Button(page, "Who is it?").Nth(1)).ToBeVisibleAsync();
        await page.GetByLabel("Smallest group").FillAsync("2");
        await Button(page, "Group again").ClickAsync();
        await Assertions.Expect(page.GetByText("1 group", new() { Exact = true })).ToBeVisibleAsync();
        await Axe.AssertNothingFoundAsync(page);
        await browser.PictureAsync("unknown-faces");
        await Button(page, "Who is it?").ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Combobox)).ToBeFocusedAsync();
        var first = page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.List).GetByRole(AriaRole.Button).First;
        await first.FocusAsync();
        await page.Keyboard.PressAsync("Space");
        await Assertions.Expect(first).ToContainTextAsync("Left out");
        await Axe.AssertNothingFoundAsync(page);
        await page.Keyboard.PressAsync("Space");
        await Assertions.Expect(first).ToContainTextAsync("Leave out");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Combobox).FillAsync(Name);
        await page.GetByRole(AriaRole.Option, new() { Name = $"New person “{Name}”" }).ClickAsync();

        await Assertions.Expect(page.GetByText("The results know the name (2 changed).")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Show the results" }).ClickAsync();
        await Matched(page, 2);
        await Assertions.Expect(FacesOf(page, Name)).ToHaveCountAsync(2);
        await page.GetByRole(AriaRole.List, new() { Name = "Photos" }).GetByRole(AriaRole.Link).First.ClickAsync();
        await page.WaitForURLAsync("**/dashboard/tasks/*");
        var found = page.GetByRole(AriaRole.Region, new() { Name = "What was found" });
        await Assertions.Expect(found.GetByText(Name)).ToHaveCountAsync(1);
        await Axe.AssertNothingFoundAsync(page);
    }

    [Fact]
    public async Task A_match_is_rejected_with_one_key_and_the_rejection_is_undone()
    {
        await using var browser = await chromium.OpenAsync(ColorScheme.Dark, width: 1440);
        await using var party = await PartyServer.StartAsync(files);
        await party.EnrolAsync(Name);
        var page = browser.Page;
        await page.GotoAsync(party.Results);
        await Matched(page, 2);

        await FacesOf(page, Name).Last.ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Selected face" })).ToContainTextAsync(Name);
        await Axe.AssertNothingFoundAsync(page);
        await page.Keyboard.PressAsync("n");

        await Assertions.Expect(page.GetByText($"This face is not {Name}")).ToBeVisibleAsync();
        await Matched(page, 1);
        await Button(page, "Undo").ClickAsync();
        await Matched(page, 2);
        // Any other face can be named with a key too.
        await page.GetByRole(AriaRole.Button, new() { NameRegex = UnknownFace() }).First.ClickAsync();
        await page.Keyboard.PressAsync("e");
        var dialog = page.GetByRole(AriaRole.Dialog);
        // Nobody is chosen before something is typed.
        await Assertions.Expect(dialog.GetByRole(AriaRole.Option, new() { Name = Name })).ToBeVisibleAsync();
        await dialog.GetByRole(AriaRole.Combobox).PressAsync("Enter");
        await Assertions.Expect(dialog.GetByRole(AriaRole.Option, new() { Selected = true })).ToHaveCountAsync(0);
        await dialog.GetByRole(AriaRole.Combobox).FillAsync("Ann Reed");
        await page.GetByRole(AriaRole.Option, new() { Name = "New person “Ann Reed”" }).ClickAsync();
        await Assertions.Expect(FacesOf(page, "Ann Reed")).ToHaveCountAsync(1);
        // A wrong name is taken back at once.
        await Button(page, "Undo").Last.ClickAsync();
        await Assertions.Expect(page.GetByText("The face is not enrolled as Ann Reed any more")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("Ann Reed was new, and is not among the people any more.")).ToBeVisibleAsync();
        await Assertions.Expect(FacesOf(page, "Ann Reed")).ToHaveCountAsync(0);
        await Axe.AssertNothingFoundAsync(page);
    }

    [Theory]
    [InlineData(1440)]
    [InlineData(390)]
    public async Task A_face_far_down_is_chosen_without_moving_the_page_and_stays_chosen_after_a_press(int width)
    {
        await using var browser = await chromium.OpenAsync(width: width, height: 500);
        await using var party = await PartyServer.StartAsync(files);
        await party.EnrolAsync(Name);
        var page = browser.Page;
        await page.GotoAsync(party.Results);
        await Matched(page, 2);
        var selected = page.GetByRole(AriaRole.Region, new() { Name = "Selected face" });
        await page.EvaluateAsync("scrollTo(0, document.documentElement.scrollHeight)");
        var before = await page.EvaluateAsync<int>("Math.round(scrollY)");
        Assert.True(before > 0);

        // As a press does, without what the driver does so that it can press.
        await FacesOf(page, Name).Last.DispatchEventAsync("click");
        await Assertions.Expect(selected).ToContainTextAsync(Name);
        await page.WaitForURLAsync("**face=**");
        // Photos that come into view get their own height, so the end of the page may have moved a little.
        Assert.InRange(await page.EvaluateAsync<int>("Math.round(scrollY)"), before / 2, int.MaxValue);

        var chosen = page.Url;
        await selected.GetByRole(AriaRole.Button, new() { Name = $"Not {Name}" }).ClickAsync();
        await Assertions.Expect(page.GetByText($"This face is not {Name}")).ToBeVisibleAsync();
        await Assertions.Expect(selected).ToContainTextAsync("unknown");
        Assert.Equal(chosen, page.Url);
        // What was said does not lie on what can be done next.
        await selected.GetByRole(AriaRole.Button, new() { Name = "Name this face" }).ClickAsync(new() { Trial = true });
    }

    [Fact]
    public async Task A_person_is_looked_at_and_deleted_everywhere()
    {
        await using var browser = await chromium.OpenAsync(width: 1440);
        await using var party = await PartyServer.StartAsync(files);
        await party.EnrolAsync(Name);
        var page = browser.Page;
        await page.GotoAsync(party.Url + "/dashboard/people");
        await Axe.AssertNothingFoundAsync(page);
        await page.GetByRole(AriaRole.Link, new() { NameRegex = NameOf() }).ClickAsync();
        var photos = page.GetByRole(AriaRole.List, new() { Name = "Photos" });
        await Assertions.Expect(photos.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(2);
        // A wrong match is corrected by the next click: the face is chosen there already.
        await photos.GetByRole(AriaRole.Link).First.ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = $"Not {Name}" })).ToBeVisibleAsync();
        await page.GoBackAsync();
        await Assertions.Expect(photos.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(2);
        await Axe.AssertNothingFoundAsync(page);
        await browser.PictureAsync("person");
        await Button(page, "Look in all jobs").ClickAsync();
        await Assertions.Expect(page.GetByText("Looked in 1 job")).ToBeVisibleAsync();

        await Button(page, "Delete").ClickAsync();
        // A notice has the role of a dialog too.
        var dialog = page.GetByRole(AriaRole.Dialog, new() { Name = $"Delete {Name} everywhere?" });
        await Assertions.Expect(dialog).ToContainTextAsync("2 photos now");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();

        await Assertions.Expect(page.GetByText("A person was removed everywhere")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("Nobody is known yet")).ToBeVisibleAsync();
        Assert.DoesNotContain(Name, await party.ReadResultsAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Faces_are_split_off_to_a_new_person_with_the_keyboard_alone()
    {
        await using var browser = await chromium.OpenAsync(width: 1440);
        await using var party = await PartyServer.StartAsync(files);
        var id = await party.EnrolTwoAsync(Name);
        var page = browser.Page;
        await page.GotoAsync($"{party.Url}/dashboard/people/{id}");
        var second = page.GetByRole(AriaRole.Checkbox, new() { Name = "Choose face 2" });
        await second.FocusAsync();
        await page.Keyboard.PressAsync("Space");
        await Button(page, "Split off 1 face …").FocusAsync();
        await page.Keyboard.PressAsync("Enter");

        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Combobox).FillAsync("Ann Reed");
        await Assertions.Expect(dialog.GetByRole(AriaRole.Option, new() { Name = "New person “Ann Reed”" })).ToBeVisibleAsync();
        await Axe.AssertNothingFoundAsync(page);
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(dialog)
            .ToContainTextAsync($"1 face of “{Name}” becomes one of “Ann Reed”. Results that show “{Name}” are judged");
        await browser.PictureAsync("split");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Split off" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page.GetByText("They are faces of Ann Reed now")).ToBeVisibleAsync();
        await Assertions.Expect(
            page.GetByRole(AriaRole.List, new() { Name = "Enrolled faces" }).GetByRole(AriaRole.Listitem)).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task Without_the_face_service_the_page_says_so_and_what_to_do()
    {
        await using var browser = await chromium.OpenAsync(width: 390);
        await using var party = await PartyServer.StartAsync(files);
        await party.StopFacesAsync();
        var page = browser.Page;

        await page.GotoAsync(party.Url + "/dashboard/people");

        await Assertions.Expect(page.GetByText("The face service does not answer")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Go to the face service" })).ToBeVisibleAsync();
        await Axe.AssertNothingFoundAsync(page);
        await AssertFitsAsync(page);
    }

    private static ILocator Button(IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    private static ILocator FacesOf(IPage page, string name) =>
        page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex($"^{name} (> )?[0-9]") });

    private static Task Matched(IPage page, int faces) =>
        Assertions.Expect(page.GetByText(new Regex($@"^{faces} of \d+ faces matched"))).ToBeVisibleAsync();

    /// <summary>How many requests went to the API, except for those that ask how the server is.</summary>
    private static int CallsOf(BrowserPage browser) =>
        browser.Requests.Count(url => url.AbsolutePath.StartsWith("/api/", StringComparison.Ordinal));

    private static async Task AssertFitsAsync(IPage page) =>
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"));

    private async Task<PartyServer> StartAsync(bool isOnPostgres) => await PartyServer.StartAsync(
        files, isOnPostgres ? await postgres.CreateDatabaseAsync(TestContext.Current.CancellationToken) : null);

    [GeneratedRegex("^Judged again .+; 1 result changed$")]
    private static partial Regex OneChanged();

    [GeneratedRegex("^Judge again with")]
    private static partial Regex JudgeAgain();

    [GeneratedRegex("^unknown, face")]
    private static partial Regex UnknownFace();

    [GeneratedRegex(Name)]
    private static partial Regex NameOf();
}
