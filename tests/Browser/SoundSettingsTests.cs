using Microsoft.Playwright;

namespace LanCollab.Tests.Browser;

/// <summary>The tab "Sound", with Chromium's own fake microphones and speakers.</summary>
[Collection(BrowserCollection.Name)]
public class SoundSettingsTests(BrowserMeeting meeting) : IClassFixture<BrowserMeeting>
{
    private static readonly string[] Treatments = ["echoCancellation", "noiseSuppression", "autoGainControl"];

    /// <summary>Keeps what the page opens: <c>opened.settings()</c> are those of the microphone that is open now, as Chromium tells them.</summary>
    private const string Spy = """
        window.opened = { tracks: [], contexts: [], settings: () => window.opened.tracks.findLast((track) => track.readyState === "live")?.getSettings() };
        const devices = navigator.mediaDevices, ask = devices.getUserMedia.bind(devices);
        devices.getUserMedia = async (wish) => {
          const stream = await ask(wish);
          window.opened.tracks.push(...stream.getAudioTracks());
          return stream;
        };
        const Context = window.AudioContext;
        window.AudioContext = class extends Context {
          constructor(...all) { super(...all); window.opened.contexts.push(this); }
        };
        """;

    [Fact]
    public async Task What_the_browser_does_to_the_microphone_is_on_at_first_and_switched_one_by_one()
    {
        await OpenAsync();
        foreach (string treatment in Treatments) await IsAsync(treatment, true);
        foreach ((string treatment, string label) in Treatments.Zip(["Take out the echo of my speaker", "Take out steady noise", "Even out my loudness"]))
        {
            await meeting.Ada.Page.GetByLabel(label).UncheckAsync();
            await IsAsync(treatment, false);
            foreach (string other in Treatments.Except([treatment])) await IsAsync(other, true);
            await meeting.Ada.Page.GetByLabel(label).CheckAsync();
            await IsAsync(treatment, true);
        }
    }

    [Fact]
    public async Task Another_microphone_and_another_speaker_are_used_once_chosen()
    {
        await OpenAsync();
        foreach ((string label, string used) in new[] { ("Microphone", "opened.settings()?.deviceId"), ("Speaker", "opened.contexts[0]?.sinkId") })
        {
            ILocator list = meeting.Ada.Page.GetByLabel(label, new() { Exact = true });
            string[] devices = await list.Locator("option").EvaluateAllAsync<string[]>("all => all.map((option) => option.value).filter((value) => /^browser:./.test(value))");
            Assert.True(devices.Length >= 2, $"{label}: {devices.Length} devices");
            foreach (string device in devices[..2])
            {
                await list.SelectOptionAsync(device);
                await meeting.Ada.Page.WaitForFunctionAsync($"(id) => {used} === id", device["browser:".Length..]);
            }
            await list.SelectOptionAsync("browser:");
        }
    }

    [Fact]
    public async Task The_slider_between_quick_and_safe_reaches_the_daemon_and_the_way_of_the_sound_is_told()
    {
        await OpenAsync();
        await meeting.Ada.Page.GetByLabel("Delay: quick ↔ safe").FillAsync("80");
        await meeting.Ada.Daemon.Bridge.WaitAsync("media", "audio.state", e => e.GetProperty("safety").GetInt32() == 80);
        await meeting.Ada.Page.GetByLabel("Delay: quick ↔ safe").FillAsync("25");
        await meeting.Ada.Daemon.Bridge.Events.UntilAsync(_ => meeting.Ada.Daemon.Bridge.All("media", "audio.state")[^1].GetProperty("safety").GetInt32() == 25);
        await meeting.Ada.Page.Locator(".audio-figures").GetByText("Sound goes over UDP.").WaitForAsync();
    }

    // The page with the spy, its microphone open, its tab "Sound" in view.
    private async Task OpenAsync()
    {
        await meeting.Ada.Page.AddInitScriptAsync($"{{{Spy}}}");
        await meeting.Ada.Page.ReloadAsync();
        ILocator button = meeting.Ada.Control("media", "microphone");
        await button.WaitForAsync();
        await meeting.Ada.Page.WaitForFunctionAsync("() => document.querySelector('#control-media-microphone').getAttribute('aria-label') === 'Mute' && opened.settings()");
        await meeting.Ada.OpenTabAsync("Sound");
    }

    private Task IsAsync(string treatment, bool on) =>
        meeting.Ada.Page.WaitForFunctionAsync("([treatment, on]) => opened.settings()?.[treatment] === on", new object[] { treatment, on });
}
