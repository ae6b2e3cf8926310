module gascity.test/pause

go 1.26
