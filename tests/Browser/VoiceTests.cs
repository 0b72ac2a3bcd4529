using Microsoft.Playwright;

namespace LanCollab.Tests.Browser;

[Collection(BrowserCollection.Name)]
public class VoiceTests(VoiceMeeting meeting) : IClassFixture<VoiceMeeting>
{
    private const double Spoken = -12; // dB: the oscillators' amplitude is 0.25
    private const double Silent = -60;
    private const int Loud = 1024, Whole = 16384; // samples in which a tone is measured
    private static readonly double Ada = VoiceMeeting.ToneOf("Ada"), Bob = VoiceMeeting.ToneOf("Bob");

    [Fact]
    public async Task Each_page_hears_the_others_tone_as_loud_as_it_was_spoken_and_never_its_own()
    {
        await SpeakAsync(meeting.Ada);
        await SpeakAsync(meeting.Bob);
        await HearsAsync(meeting.Ada, Bob);
        await HearsAsync(meeting.Bob, Ada);
        foreach ((Person person, Person other, double own, double others) in new[] { (meeting.Ada, meeting.Bob, Ada, Bob), (meeting.Bob, meeting.Ada, Bob, Ada) })
        {
            double[] heard = await ListenAsync(person, 2, others);
            Assert.InRange(heard[1], Spoken - 1.5, Spoken + 1.5);
            await HearsNothingAsync(person, own);
            // And at no time, looked at where nobody else is heard: a tone that breaks off, as it does where the machine is busy, is a little of each other one.
            await HushAsync(other);
            await HearsNothingAsync(person, others);
            double[] itself = await ListenAsync(person, 2, own, Whole);
            Assert.True(itself[1] < Silent, $"{person.Daemon.Name} hears itself at {itself[1]:0} dB");
            await SpeakAsync(other);
            await HearsAsync(person, others);
        }
    }

    [Theory]
    [InlineData("push")]
    [InlineData("push-mute")]
    public async Task The_space_bar_talks_or_keeps_silent_for_as_long_as_it_is_held(string mode)
    {
        await SpeakAsync(meeting.Ada);
        await HearsAsync(meeting.Bob, Ada);
        await SetModeAsync(meeting.Ada, mode);
        try
        {
            // The button of the microphone has been clicked and has the focus, as it would have for a person.
            foreach (string next in new[] { "Unmute", "Mute" })
            {
                await meeting.Ada.Control("media", "microphone").ClickAsync();
                await Assertions.Expect(meeting.Ada.Control("media", "microphone")).ToHaveAttributeAsync("aria-label", next);
            }
            Func<Task> up = mode == "push" ? SilentAsync : TalksAsync, down = mode == "push" ? TalksAsync : SilentAsync;
            for (int times = 0; times < 2; times++)
            {
                await up();
                await meeting.Ada.Page.Keyboard.DownAsync("Space");
                await down();
                await meeting.Ada.Page.Keyboard.DownAsync("Space"); // keys repeat
                await down();
                await meeting.Ada.Page.Keyboard.UpAsync("Space");
            }
            await up();
            Assert.Equal("Mute", await meeting.Ada.Control("media", "microphone").GetAttributeAsync("aria-label")); // the space bar has not pressed it
        }
        finally
        {
            await SetModeAsync(meeting.Ada, "open");
        }

        Task TalksAsync() => HearsAsync(meeting.Bob, Ada);

        Task SilentAsync() => HearsNothingAsync(meeting.Bob, Ada);
    }

    [Fact]
    public async Task A_button_that_was_reached_by_the_keyboard_is_pressed_by_the_space_bar()
    {
        await SpeakAsync(meeting.Ada);
        await SetModeAsync(meeting.Ada, "push");
        try
        {
            ILocator speaker = meeting.Ada.Control("media", "speaker");
            await meeting.Ada.Control("media", "microphone").FocusAsync();
            await meeting.Ada.Page.Keyboard.PressAsync("Tab");
            while (!await speaker.EvaluateAsync<bool>("button => button === document.activeElement")) await meeting.Ada.Page.Keyboard.PressAsync("Tab");
            await meeting.Ada.Page.Keyboard.PressAsync("Space");
            await Assertions.Expect(speaker).ToHaveAttributeAsync("aria-label", "Sound on");
            await meeting.Ada.Page.Keyboard.PressAsync("Space");
            await Assertions.Expect(speaker).ToHaveAttributeAsync("aria-label", "Sound off");
        }
        finally
        {
            await SetModeAsync(meeting.Ada, "open");
        }
    }

    [Fact]
    public async Task Whom_a_moderator_mutes_is_not_heard_until_they_may_speak_again()
    {
        await SpeakAsync(meeting.Bob);
        await HearsAsync(meeting.Ada, Bob);
        // A notice is seen for five seconds: who looks for it looks from the beginning.
        Task told = meeting.Bob.Page.GetByText("A moderator has muted you.").WaitForAsync();
        await ToggleMutedAsync();
        await HearsNothingAsync(meeting.Ada, Bob);
        await told;
        await ToggleMutedAsync();
        await HearsAsync(meeting.Ada, Bob);
    }

    [Fact]
    public async Task Who_turns_the_sound_off_hears_nothing_and_is_still_heard()
    {
        await SpeakAsync(meeting.Ada);
        await SpeakAsync(meeting.Bob);
        await HearsAsync(meeting.Bob, Ada);
        await meeting.Bob.Control("media", "speaker").ClickAsync();
        await meeting.Bob.Daemon.Bridge.WaitAsync("media", "audio.state", e => e.GetProperty("deaf").GetBoolean());
        await HearsNothingAsync(meeting.Bob, Ada);
        await HearsAsync(meeting.Ada, Bob);
        await meeting.Bob.Control("media", "speaker").ClickAsync();
        await HearsAsync(meeting.Bob, Ada);
    }

    [Fact]
    public async Task Music_on_the_left_is_heard_on_the_left_once_both_pages_want_two_channels()
    {
        await SpeakAsync(meeting.Ada);
        await HearsAsync(meeting.Bob, Ada);
        foreach (Person person in new[] { meeting.Ada, meeting.Bob }) await SetStereoAsync(person, true);
        try
        {
            await meeting.Bob.Page.WaitForFunctionAsync(
                "([tone, least, most]) => voice.power(tone, 0) > least && voice.power(tone, 1) < most", new[] { Ada, Spoken - 3, -45 });
        }
        finally
        {
            foreach (Person person in new[] { meeting.Ada, meeting.Bob }) await SetStereoAsync(person, false);
        }
        await meeting.Bob.Page.WaitForFunctionAsync("([tone, least]) => voice.power(tone, 0) > least && voice.power(tone, 1) > least", new[] { Ada, Spoken - 3 });
    }

    [Fact]
    public async Task The_bit_rate_and_the_length_of_frames_are_set_in_the_page_while_one_is_heard()
    {
        await SpeakAsync(meeting.Ada);
        await HearsAsync(meeting.Bob, Ada);
        await meeting.Ada.OpenTabAsync("Sound");
        await meeting.Ada.Page.GetByLabel("My voice takes").FillAsync("96");
        await meeting.Ada.Daemon.Bridge.WaitAsync("media", "audio.state", e => e.GetProperty("bitrate").GetInt32() == 96_000);
        await meeting.Ada.Page.GetByLabel("My voice is sent in pieces of").SelectOptionAsync("10");
        await meeting.Ada.Daemon.Bridge.WaitAsync("media", "audio.state", e => e.GetProperty("frameMs").GetInt32() == 10);
        // As loud as it was spoken, once the playout buffer knows the new stream.
        await meeting.Bob.Page.WaitForFunctionAsync("([tone, least, most]) => voice.power(tone) > least && voice.power(tone) < most", new[] { Ada, Spoken - 1, Spoken + 1 });
        await meeting.Ada.Page.GetByLabel("My voice is sent in pieces of").SelectOptionAsync("20");
        await meeting.Ada.Page.GetByLabel("My voice takes").FillAsync("32");
        await meeting.Ada.Daemon.Bridge.Events.UntilAsync(_ => meeting.Ada.Daemon.Bridge.All("media", "audio.state")[^1] is var last
            && last.GetProperty("bitrate").GetInt32() == 32_000 && last.GetProperty("frameMs").GetInt32() == 20);
        await HearsAsync(meeting.Bob, Ada);
    }

    [Fact]
    public async Task The_sound_of_a_shared_tab_is_heard_beside_the_voice_and_ends_with_the_sharing()
    {
        await SpeakAsync(meeting.Ada);
        // A tone that breaks off is a little of each other one: of the film's, too.
        await HushAsync(meeting.Bob);
        await HearsNothingAsync(meeting.Ada, Bob);
        await meeting.Ada.Control("screen", "screen").ClickAsync();
        await meeting.Ada.Page.GetByText("A screen, window or tab…").ClickAsync();
        await HearsAsync(meeting.Bob, VoiceMeeting.FilmTone);
        await HearsAsync(meeting.Bob, Ada);
        double[] own = await ListenAsync(meeting.Ada, 1, VoiceMeeting.FilmTone, Whole);
        Assert.True(own[1] < Silent, $"who shares it gets it back at {own[1]:0} dB");
        await meeting.Ada.Control("screen", "screen").ClickAsync();
        await HearsNothingAsync(meeting.Bob, VoiceMeeting.FilmTone);
        await meeting.Ada.Daemon.Bridge.Events.UntilAsync(_ => meeting.Ada.Daemon.Bridge.All("media", "audio.state")[^1].GetProperty("sound").GetString() == "none");
        await HearsAsync(meeting.Bob, Ada);
    }

    private static async Task SetStereoAsync(Person person, bool stereo)
    {
        await person.OpenTabAsync("Sound");
        await person.Page.GetByLabel("Two channels, for music").SetCheckedAsync(stereo);
        await person.Daemon.Bridge.Events.UntilAsync(_ => person.Daemon.Bridge.All("media", "audio.state")[^1].GetProperty("stereo").GetBoolean() == stereo);
    }

    private async Task ToggleMutedAsync()
    {
        await meeting.Ada.Page.Locator($".session-person[data-id='{meeting.Bob.Id}']").GetByRole(AriaRole.Button).ClickAsync();
        await meeting.Ada.Page.GetByText("Muted", new() { Exact = true }).Last.ClickAsync();
    }

    private static async Task SetModeAsync(Person person, string mode)
    {
        await person.OpenTabAsync("Sound");
        await person.Page.GetByLabel("My microphone is heard").SelectOptionAsync(mode);
        await person.Daemon.Bridge.WaitAsync("media", "audio.state", e => e.GetProperty("mode").GetString() == mode);
    }

    private static Task SpeakAsync(Person person) => ShowsAsync(person, "Mute");

    private static Task HushAsync(Person person) => ShowsAsync(person, "Unmute");

    /// <summary>The button of the microphone offers this, after a click or without one.</summary>
    private static async Task ShowsAsync(Person person, string next)
    {
        ILocator button = person.Control("media", "microphone");
        if (await button.GetAttributeAsync("aria-label") != next) await button.ClickAsync();
        await Assertions.Expect(button).ToHaveAttributeAsync("aria-label", next);
    }

    private static Task HearsAsync(Person person, double tone) =>
        person.Page.WaitForFunctionAsync("([tone, least]) => voice.power(tone) > least", new[] { tone, Spoken - 3 });

    private static Task HearsNothingAsync(Person person, double tone) =>
        person.Page.WaitForFunctionAsync("([tone, most, part]) => voice.power(tone, 0, part) < most", new[] { tone, Silent, Whole });

    private static Task<double[]> ListenAsync(Person person, double seconds, double tone, int part = Loud) =>
        person.Page.EvaluateAsync<double[]>("([seconds, tone, part]) => voice.listen(seconds, tone, part)", new[] { seconds, tone, part });
}
