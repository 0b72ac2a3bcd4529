using LanCollab.Host.Configuration;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Host.Configuration;

public sealed class FolderAndPasswordTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_data_folder_has_one_owner_at_a_time()
    {
        using (FileStream first = DataFolder.Claim(_folder.Path, "Server:DataDirectory"))
        {
            var error = Assert.Throws<FolderInUseException>(() => DataFolder.Claim(_folder.Path, "Server:DataDirectory"));
            Assert.Contains(_folder.Path, error.Message);
            Assert.Contains("--Server:DataDirectory", error.Message);
        }
        DataFolder.Claim(_folder.Path, "Server:DataDirectory").Dispose();
    }

    [Theory]
    [InlineData("secret\n", "secret")]
    [InlineData("secret", "secret")]
    [InlineData("two words \r\nmore", "two words ")]
    [InlineData("", "")]
    public void A_password_is_the_first_line_of_its_file(string content, string expected)
    {
        File.WriteAllText(_folder["password"], content);
        Assert.Equal(expected, Read(new ClientOptions { PasswordFile = _folder["password"] }));
    }

    [Fact]
    public void Without_a_file_the_password_is_the_setting() => Assert.Equal("typed", Read(new ClientOptions { Password = "typed" }));

    [Fact]
    public void A_file_that_is_not_there_and_two_passwords_are_refused()
    {
        Assert.Contains("Client:PasswordFile", Assert.Throws<ConfigurationErrorException>(() => Read(new ClientOptions { PasswordFile = _folder["none"] })).Message);
        Assert.Contains("one of", Assert.Throws<ConfigurationErrorException>(() => Read(new ClientOptions { PasswordFile = _folder["none"], Password = "x" })).Message);
    }

    private string? Read(ClientOptions options)
    {
        File.WriteAllText(_folder["appsettings.json"], "{}");
        return PasswordFile.Read(Settings.Load(new CommandLine("client", _folder.Path, new Dictionary<string, string?>())), options);
    }
}
