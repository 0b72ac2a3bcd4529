using System.Text;
using System.Text.Json;
using Microsoft.Playwright;

namespace LanCollab.Tests.Browser;

[Collection(BrowserCollection.Name)]
public class ScreenTests(BrowserMeeting meeting) : IClassFixture<BrowserMeeting>
{
    private const int Pages = 20;

    [Fact]
    public async Task A_screen_is_shared_pointed_at_drawn_on_saved_and_taken_over_by_a_moderator()
    {
        Person ada = meeting.Ada, bob = meeting.Bob;
        await ShareScreenAsync(bob);
        await ada.Page.Locator(".screen-caption").GetByText("Bob is presenting").WaitForAsync();
        await PaintedAsync(ada);

        // The lines lie in picture coordinates: zoomed in they are the same.
        await DrawAsync(ada);
        string points = (await ada.Page.Locator(".screen-line").GetAttributeAsync("points"))!;
        await bob.Page.Locator($".screen-line[points=\"{points}\"]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await ada.Page.GetByLabel("Larger").ClickAsync();
        Assert.Equal(points, await ada.Page.Locator(".screen-line").GetAttributeAsync("points"));
        await ada.Page.GetByLabel("Undo my last line").ClickAsync();
        await bob.Page.Locator(".screen-line").WaitForAsync(new() { State = WaitForSelectorState.Detached });

        await ada.Page.GetByLabel("Point", new() { Exact = true }).ClickAsync();
        // It is seen for two seconds: who looks for it looks from the beginning.
        Task pointed = bob.Page.WaitForFunctionAsync("() => document.querySelector('.screen-laser')?.textContent.includes('Ada')");
        await ada.Page.Locator(".screen-board").HoverAsync(new() { Position = new() { X = 60, Y = 50 } });
        await pointed;
        await bob.Page.Locator(".screen-laser").WaitForAsync(new() { State = WaitForSelectorState.Detached });

        IDownload saved = await ada.Page.RunAndWaitForDownloadAsync(() => ada.Page.GetByLabel("Save picture").ClickAsync());
        Assert.EndsWith(".png", saved.SuggestedFilename, StringComparison.Ordinal);

        // The first one in a room moderates it.
        Task told = bob.Page.GetByText("Ada has taken over.").First.WaitForAsync();
        await ShareScreenAsync(ada);
        await told;
        await bob.Page.Locator(".screen-caption").GetByText("Ada is presenting").WaitForAsync();
        await ada.Control("screen", "screen").ClickAsync();
        await bob.Page.Locator("canvas.screen-canvas").WaitForAsync(new() { State = WaitForSelectorState.Hidden });
    }

    [Fact]
    public async Task A_PDF_is_presented_and_a_viewer_leafs_to_page_3_and_follows_again()
    {
        Person ada = meeting.Ada, bob = meeting.Bob;
        await ada.Page.Locator(".screen-files").SetInputFilesAsync(new FilePayload { Name = "junk.pdf", MimeType = "application/pdf", Buffer = "no PDF at all"u8.ToArray() });
        await ada.Page.GetByText("junk.pdf is no PDF, or a damaged one.").First.WaitForAsync();

        await ada.Page.Locator(".screen-files").SetInputFilesAsync(new FilePayload { Name = "secret.pdf", MimeType = "application/pdf", Buffer = SimplePdf.Write(1, locked: true) });
        await ada.Page.GetByText("secret.pdf is protected by a password; save it without one and try again.").First.WaitForAsync();

        await ada.Page.Locator(".screen-files").SetInputFilesAsync(new FilePayload { Name = "Plan.pdf", MimeType = "application/pdf", Buffer = SimplePdf.Write(Pages) });
        await WhereAsync(bob, $"1 / {Pages}");
        await PaintedAsync(bob);
        await ada.Page.GetByLabel("Next slide").ClickAsync();
        await WhereAsync(bob, $"2 / {Pages}");

        await bob.Page.GetByLabel("Page 3", new() { Exact = true }).ClickAsync();
        await bob.Page.Locator(".screen-leaf[data-page=\"3\"]").WaitForAsync();
        for (int page = 3; page <= 5; page++)
        {
            await ada.Page.GetByLabel("Next slide").ClickAsync();
            await WhereAsync(ada, $"{page} / {Pages}");
        }
        await WhereAsync(bob, $"3 / {Pages}");
        await bob.Page.GetByText("Follow the presenter").ClickAsync();
        await bob.Page.Locator(".screen-leaf").WaitForAsync(new() { State = WaitForSelectorState.Hidden });
        await WhereAsync(bob, $"5 / {Pages}");
        await bob.Page.Locator($".screen-thumb[data-page=\"{Pages}\"] img").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        if (Environment.GetEnvironmentVariable("LOOK_AT") is { } folder) await LookAsync(folder);
        await ada.Control("screen", "screen").ClickAsync();
        await bob.Page.Locator("canvas.screen-canvas").WaitForAsync(new() { State = WaitForSelectorState.Hidden });
    }

    [Fact]
    public async Task The_pages_own_capture_finds_what_has_moved_films_what_moves_and_shows_it_exactly_when_it_stands_still()
    {
        CaptureReport report = JsonSerializer.Deserialize<CaptureReport>(await meeting.Ada.Page.EvaluateAsync<string>(CaptureScript), JsonSerializerOptions.Web)!;
        Assert.True(report.ScrollCopies >= 5, $"{report.ScrollCopies} copies");
        Assert.InRange(report.ScrollBytes, 1, report.WholeBytes / 2);
        Assert.True(report.Jpegs > 0);
        Assert.True(report.ExactAtRest);
        Assert.Equal(0, report.IdleUpdates);
    }

    /// <param name="WholeBytes">Of the first picture.</param>
    /// <param name="ScrollBytes">Of five steps of scrolling.</param>
    /// <param name="ScrollCopies">Copies in them.</param>
    /// <param name="Jpegs">JPEG images of a moving area.</param>
    /// <param name="ExactAtRest">After that, each pixel is the captured one.</param>
    /// <param name="IdleUpdates">Updates after the same picture again.</param>
    private sealed record CaptureReport(int WholeBytes, int ScrollBytes, int ScrollCopies, int Jpegs, bool ExactAtRest, int IdleUpdates);

    /// <summary>A drawn canvas instead of a screen, the page's own worker, and the page's own way of showing what comes.</summary>
    private const string CaptureScript = """
        async () => {
          const { readFrame } = await import("/plugins/screen/tiles.js"), { Picture } = await import("/plugins/screen/picture.js");
          const worker = new Worker("/plugins/screen/capture-worker.js", { type: "module" });
          const source = new OffscreenCanvas(640, 480), context = source.getContext("2d", { alpha: false, willReadFrequently: true });
          const seen = document.createElement("canvas"), updates = [], waiting = new Set();
          const picture = new Picture(seen, (number) => { worker.postMessage({ acknowledged: true }); updates.at(-1).shown = number; waiting.forEach((look) => look()); });
          worker.onmessage = ({ data }) => {
            const frames = data.update.map(readFrame);
            updates.push({ bytes: data.update.reduce((sum, frame) => sum + frame.length, 0), ops: frames.flatMap((frame) => frame.ops) });
            data.update.forEach((frame) => picture.take(frame));
          };
          const until = (done) => new Promise((resolve) => {
            const look = () => { if (done()) { waiting.delete(look); resolve(); } };
            waiting.add(look);
            look();
          });
          const show = async () => { const bitmap = await createImageBitmap(source); worker.postMessage({ picture: bitmap }, [bitmap]); };
          const pixels = (context) => new Uint32Array(context.getImageData(0, 0, 640, 480).data.buffer);
          const exact = () => { const now = pixels(seen.getContext("2d")); return pixels(context).every((pixel, at) => pixel === now[at]); };
          const next = async () => { const count = updates.length; await show(); await until(() => updates.length > count && updates.at(-1).shown); };
          let seed = 1;
          const random = () => (seed = seed * 48271 % 2147483647) / 2147483647;
          const text = (top) => {
            context.fillStyle = "white";
            context.fillRect(0, top, 640, 20);
            context.fillStyle = "black";
            context.font = "14px serif";
            context.fillText(Array.from({ length: 90 }, () => String.fromCharCode(97 + random() * 26)).join(""), 5, top + 15);
          };
          for (let top = 0; top < 480; top += 20) text(top);
          await next();
          const scrolled = updates.length;
          for (let i = 0; i < 5; i++) {
            context.drawImage(source, 0, -20);
            text(460);
            await next();
          }
          const scrolling = updates.slice(scrolled), filmed = updates.length;
          const isJpeg = (op) => op.op === "image" && op.image[0] === 0xFF, jpegs = () => updates.slice(filmed).flatMap((update) => update.ops).filter(isJpeg).length;
          while (jpegs() === 0) {
            const noise = context.createImageData(256, 128);
            for (let i = 0; i < noise.data.length; i++) noise.data[i] = i % 4 === 3 ? 255 : random() * 256;
            context.putImageData(noise, 128, 128);
            await next();
          }
          await until(exact);
          const atRest = updates.length;
          await show();
          context.fillRect(600, 400, 9, 9);
          await next();
          worker.terminate();
          return JSON.stringify({
            wholeBytes: updates[0].bytes, scrollBytes: scrolling.reduce((sum, { bytes }) => sum + bytes, 0), scrollCopies: scrolling.flatMap(({ ops }) => ops).filter(({ op }) => op === "copy").length,
            jpegs: jpegs(), exactAtRest: exact(), idleUpdates: updates.length - atRest - 1,
          });
        }
        """;

    private async Task LookAsync(string folder)
    {
        await meeting.Ada.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, "presenter.png") });
        await meeting.Bob.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, "viewer.png") });
        await meeting.Bob.Page.SetViewportSizeAsync(360, 740);
        await meeting.Bob.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, "phone.png") });
        await meeting.Bob.Page.GetByLabel("Larger").ClickAsync();
        await meeting.Bob.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, "phone-zoomed.png") });
        await meeting.Bob.Page.SetViewportSizeAsync(1280, 800);
        await meeting.Bob.Page.GetByLabel("Full screen").First.ClickAsync();
        await meeting.Bob.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, "full.png") });
        await meeting.Bob.Page.Keyboard.PressAsync("Escape");
    }

    private static async Task ShareScreenAsync(Person person)
    {
        await person.Control("screen", "screen").ClickAsync();
        await person.Page.GetByText("A screen, window or tab…").ClickAsync();
        await person.Page.Locator(".screen-caption").GetByText("You are presenting").WaitForAsync();
    }

    private static Task WhereAsync(Person person, string where) => person.Page.Locator(".screen-where").GetByText(where, new() { Exact = true }).WaitForAsync();

    /// <summary>Until the canvas shows more than one colour.</summary>
    private static Task PaintedAsync(Person person) => person.Page.WaitForFunctionAsync("""
        () => {
          const canvas = document.querySelector(".screen-canvas");
          if (!canvas || canvas.width < 2) return false;
          const pixels = new Uint32Array(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.buffer);
          return pixels.some((pixel) => pixel !== pixels[0]);
        }
        """);

    private static async Task DrawAsync(Person person)
    {
        await person.Page.GetByLabel("Draw", new() { Exact = true }).ClickAsync();
        LocatorBoundingBoxResult box = (await person.Page.Locator(".screen-board").BoundingBoxAsync())!;
        await person.Page.Mouse.MoveAsync(box.X + 40, box.Y + 40);
        await person.Page.Mouse.DownAsync();
        await person.Page.Mouse.MoveAsync(box.X + 160, box.Y + 90, new() { Steps = 5 });
        await person.Page.Mouse.UpAsync();
        await person.Page.WaitForFunctionAsync("() => (document.querySelector('.screen-line')?.getAttribute('points') ?? '').split(' ').length >= 12");
    }
}

/// <summary>A PDF of so many pages, each with its number and a bar (ISO 32000-1): as plain as can be, and its font is one that every reader has.</summary>
internal static class SimplePdf
{
    /// <param name="pages">How many.</param>
    /// <param name="locked">With a password (ISO 32000-1, 7.6): entries that no empty password fits, so that nobody gets beyond them.</param>
    public static byte[] Write(int pages, bool locked = false)
    {
        List<string> objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold >>"];
        objects[1] = $"<< /Type /Pages /Count {pages} /Kids [{string.Join(' ', Enumerable.Range(0, pages).Select(i => $"{4 + 2 * i} 0 R"))}] >>";
        for (int page = 1; page <= pages; page++)
        {
            string drawing = $"0.{page % 10} 0.4 0.8 rg 60 60 {page * 25} 30 re f 0 g BT /F1 64 Tf 60 300 Td (Page {page} of {pages}) Tj ET";
            objects.Add($"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 720 405] /Contents {objects.Count + 2} 0 R /Resources << /Font << /F1 3 0 R >> >> >>");
            objects.Add($"<< /Length {drawing.Length} >>\nstream\n{drawing}\nendstream");
        }
        string hash = new('7', 64), lockedBy = locked ? $" /ID [<{hash}> <{hash}>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{hash}> /U <{hash}> >>" : "";
        var pdf = new StringBuilder("%PDF-1.4\n");
        var offsets = new List<int>();
        for (int i = 0; i < objects.Count; i++)
        {
            offsets.Add(pdf.Length);
            pdf.Append($"{i + 1} 0 obj\n{objects[i]}\nendobj\n");
        }
        int table = pdf.Length;
        pdf.Append($"xref\n0 {objects.Count + 1}\n0000000000 65535 f \n");
        foreach (int offset in offsets) pdf.Append($"{offset:D10} 00000 n \n");
        pdf.Append($"trailer\n<< /Size {objects.Count + 1} /Root 1 0 R{lockedBy} >>\nstartxref\n{table}\n%%EOF\n");
        return Encoding.ASCII.GetBytes(pdf.ToString());
    }
}
