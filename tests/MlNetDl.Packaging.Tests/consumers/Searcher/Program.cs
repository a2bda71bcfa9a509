Console.WriteLine(ReadmeSearch.Run(args[0]) < 0.1 ? "found" : "not found");
