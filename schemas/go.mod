module github.com/earshot/earshot/schemas

go 1.26.0


